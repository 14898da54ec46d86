import { GraphError } from '../errors.ts';
import { printable } from '../onnx/wording.ts';

/** A configuration that is not what Keras writes. */
export function malformed(what: string): GraphError {
  return new GraphError(
    'bad-graph',
    `The Keras configuration is damaged: ${printable(what)}; save the model again.`,
  );
}

/** Something that Keras can do and Eidoscope cannot. */
export function unknownLayer(kind: string, name: string): GraphError {
  const layer = `${printable(kind)} (layer ${printable(name)})`;
  if (kind === 'Lambda' || kind === 'TFOpLambda' || kind === 'SlicingOpLambda') {
    return new GraphError(
      'unsupported-operator',
      `The model holds a ${layer}, which is Python code, and Eidoscope never runs code of a file; replace it by ordinary layers.`,
    );
  }
  return new GraphError(
    'unsupported-operator',
    `The model uses the Keras layer ${layer}, which Eidoscope does not know; convert the model to ONNX (python -m tf2onnx.convert).`,
  );
}

/** A known layer in a form that is not known. */
export function unsupportedForm(name: string, reason: string): GraphError {
  return new GraphError(
    'unsupported-operator',
    `The Keras layer ${printable(name)} ${reason}, which Eidoscope does not support; change it or convert the model to ONNX.`,
  );
}
