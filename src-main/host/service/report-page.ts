import { join } from 'node:path';
import { BlobReader } from '../../store/blobs.ts';
import { WorkspaceError } from '../../store/errors.ts';
import type { ServedFile } from './served-file.ts';

const HTML = '<!doctype html>';

/**
 * What the report brings is inside it. It runs nothing, fetches nothing, sends nothing, and lies in a frame of the
 * studio's own page alone.
 */
const POLICY =
  "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox";

/** A name that is its content's hash never means anything else. */
export const reportPageHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': POLICY,
  'Cache-Control': 'private, max-age=31536000, immutable',
} as const;

/**
 * The page of a report that the service composed to be looked at, by the path under which pages know it,
 * `/pages/HASH`. It is read from the disk, as images are.
 * @returns undefined for what is no page, or is not there
 */
export function reportPageAt(workspace: string, path: string): ServedFile | undefined {
  const hash = /^\/pages\/([0-9a-f]{64})$/.exec(path)?.[1];
  if (hash === undefined) return undefined;
  try {
    const bytes = new BlobReader(join(workspace, 'files')).read(hash);
    const start = Buffer.from(bytes.subarray(0, HTML.length)).toString('latin1');
    return start === HTML ? { bytes, headers: reportPageHeaders } : undefined;
  } catch (error) {
    if (error instanceof WorkspaceError) return undefined;
    throw error;
  }
}
