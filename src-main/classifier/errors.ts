/** A classifier's companions (labels, sidecar, options) that do not fit it. The message is one sentence for a person. */
export class ClassifierError extends Error {
  override readonly name = 'ClassifierError';
}
