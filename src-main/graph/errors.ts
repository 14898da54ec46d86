export type GraphErrorCode =
  | 'not-a-model'
  | 'truncated'
  | 'too-large'
  | 'bad-external-data'
  | 'unsupported-opset'
  | 'unsupported-operator'
  | 'bad-graph'
  | 'bad-shape'
  | 'no-gradient'
  | 'ambiguous-output'
  | 'not-a-classifier';

/** A model that cannot be used. The message is one sentence for a person: what is wrong and what to do. */
export class GraphError extends Error {
  readonly code: GraphErrorCode;
  constructor(code: GraphErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'GraphError';
    this.code = code;
  }
}

/** A model of several networks of which none is the usual one: one of their names has to be said. */
export class SignatureError extends GraphError {
  readonly signatures: readonly string[];
  constructor(message: string, signatures: readonly string[]) {
    super('ambiguous-output', message);
    this.name = 'SignatureError';
    this.signatures = signatures;
  }
}

export function unsupported(operator: string, node?: string): GraphError {
  const where = node ? ` (node ${node})` : '';
  return new GraphError(
    'unsupported-operator',
    `The model uses the operator ${operator}${where}, which Eidoscope cannot differentiate; export it without that operator.`,
  );
}
