/** Kinds of model files that are read. Dialogs, drop targets and words about them all come from this list. */
export const modelFormats = [{ name: 'ONNX', endings: ['onnx'] }] as const;

/** Whether a file's name is that of a model, not of what lies beside one: labels, a sidecar, weights. */
export const isModelName = (name: string): boolean =>
  modelFormats.some(({ endings }) => endings.some((end) => name.toLowerCase().endsWith(`.${end}`)));
