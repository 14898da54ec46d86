/** A file of a workspace as hosts hand it to their pages. */
export interface ServedFile {
  readonly bytes: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}
