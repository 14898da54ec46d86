/** A similarity that cannot be measured. The message is one sentence for a person: what is wrong and what to do. */
export class SimilarityError extends Error {
  override readonly name = 'SimilarityError';
}
