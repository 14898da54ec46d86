/** An audit that cannot be run as asked. The message is one sentence: what is wrong and what to do. */
export class AuditError extends Error {
  override readonly name = 'AuditError';
}
