/** Photographs that cannot be used. The message is one sentence for a person: what is wrong and what to do. */
export class PhotographError extends Error {
  override readonly name = 'PhotographError';
}
