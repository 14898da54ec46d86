/** Photographs that cannot be used. The message is one sentence for a person: what is wrong and what to do. */
export class PhotographError extends Error {
  override readonly name = 'PhotographError';
}

/** The system's code of a failed file operation, such as `ENOENT`. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown reason';
}
