/** Kinds of model files that are read. Dialogs, drop targets and words about them all come from this list. */
export const modelFormats = [
  { name: 'ONNX', endings: ['onnx'] },
  { name: 'TensorFlow', endings: ['pb'] },
  { name: 'Keras', endings: ['keras', 'h5', 'hdf5'] },
  { name: 'safetensors', endings: ['safetensors'] },
  { name: 'TensorFlow.js', endings: ['json'] },
] as const;

/** What people call the formats that results name. */
export const formatNames: Readonly<Record<string, string>> = {
  onnx: 'ONNX',
  'tfjs-graph': 'TensorFlow.js graph',
  'tfjs-layers': 'TensorFlow.js layers',
  'saved-model': 'TensorFlow SavedModel',
  'frozen-graph': 'TensorFlow frozen graph',
  keras: 'Keras',
  safetensors: 'safetensors',
};

/**
 * The model among files that belong together: labels, a sidecar and weights may lie beside it. A `.json` beside a file of
 * another format describes it; of several, `model.json` is the model.
 */
export function modelAmong<F extends { readonly name: string }>(files: readonly F[]): F {
  const common = files.find(({ name }) => name === 'model.json');
  const endings = modelFormats.flatMap((format): readonly string[] => format.endings);
  const found = endings.flatMap((end) =>
    files.filter(({ name }) => name.toLowerCase().endsWith(`.${end}`)),
  );
  const isJson = found[0]?.name.toLowerCase().endsWith('.json') ?? false;
  return (isJson ? common : undefined) ?? found[0] ?? files[0];
}
