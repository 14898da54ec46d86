export type PrototypeErrorCode =
  'bad-configuration' | 'bad-job' | 'bad-checkpoint' | 'bad-portrait' | 'not-finite';

/** A prototype that cannot be made. The message is one sentence for a person: what is wrong and what to do. */
export class PrototypeError extends Error {
  readonly code: PrototypeErrorCode;
  constructor(code: PrototypeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PrototypeError';
    this.code = code;
  }
}
