/** A report that cannot be made, written or checked. The message is one sentence: what is wrong and what to do. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
}
