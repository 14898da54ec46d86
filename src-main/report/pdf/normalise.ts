/**
 * Makes the PDFs of two prints equal: Chromium writes the time of printing into them, twice. Both are replaced at equal
 * length, so that no offset in the file changes. The rest depends on the page and on Chromium's version alone.
 *
 * @param time ISO 8601 in UTC that takes the place of the clock's
 */
export function normalised(pdf: Uint8Array, time: string): Uint8Array {
  const text = Buffer.from(pdf).toString('latin1');
  const stamp = `${time.replace(/\D/g, '').slice(0, 14)}+00'00'`;
  const dated = text.replace(
    /\/(CreationDate|ModDate) \(D:\d{14}[+-]\d\d'\d\d'\)/g,
    (_whole, key: string) => `/${key} (D:${stamp})`,
  );
  return Buffer.from(dated, 'latin1');
}

/** Whether bytes are a whole PDF. */
export function isPdf(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes);
  return (
    text.subarray(0, 5).toString('latin1') === '%PDF-' &&
    text.subarray(-16).toString('latin1').trimEnd().endsWith('%%EOF')
  );
}
