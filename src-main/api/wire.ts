import { z } from 'zod';

/** What a failed call says of its kind, for a program; the message is for a person. */
const errorCodes = [
  /** The call does not exist, or its input is not what the contract says. */
  'bad-request',
  /** A model, class, photograph or option that cannot be used. */
  'bad-input',
  'not-found',
  /** What is asked for is not possible as things stand, such as to pause what has ended. */
  'bad-state',
  /** Workspace or disk. */
  'workspace',
  'engine',
  /** The service is not there; it is being started again. */
  'service-down',
  /** The service answers what this page does not understand: the two are of different versions. */
  'version',
  /** A fault of Eidoscope. */
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export const failureSchema = z.object({
  code: z.enum(errorCodes),
  /** One sentence: what is wrong and what to do. */
  message: z.string().min(1),
});

/** A call that failed. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** From the page: a call by name. The answer bears the same number. */
export const requestSchema = z.strictObject({
  id: z.int().min(0),
  call: z.string(),
  input: z.unknown(),
});

/** To the page: the answer to a call, or an event. */
const replySchema = z.strictObject({ id: z.int().min(0), output: z.unknown() });
const refusalSchema = z.strictObject({ id: z.int().min(0), failure: failureSchema });
const pushSchema = z.strictObject({ event: z.string(), value: z.unknown() });
export const messageSchema = z.union([refusalSchema, replySchema, pushSchema]);

export type Message = z.output<typeof messageSchema>;

/** One end of a line that carries messages, in order: a socket, a port, or the two ends of a test. */
export interface Line {
  send(message: unknown): void;
  /** @returns stops listening */
  listen(hear: (message: unknown) => void): () => void;
}
