/** An audit that cannot be run as asked. The message is one sentence: what is wrong and what to do. */
export class AuditError extends Error {
  override readonly name = 'AuditError';
}

/** The reason of a signal that stops an audit for good: of what is in the making the image so far is kept. */
export class AuditCancelled extends Error {
  override readonly name = 'AuditCancelled';
  constructor() {
    super('Cancelled.');
  }
}
