import { join } from 'node:path';
import { BlobReader } from '../../store/blobs.ts';
import { WorkspaceError } from '../../store/errors.ts';

const PNG = [0x89, 0x50, 0x4e, 0x47];

/** A name that is its content's hash never means anything else. */
export const imageHeaders = {
  'Content-Type': 'image/png',
  'Cache-Control': 'private, max-age=31536000, immutable',
} as const;

/**
 * An image of a workspace by the path under which pages know it, `/files/HASH`. It is read from the disk, so that
 * pages keep their images while the service is being started again.
 * @returns undefined for what is no image, or is not there
 */
export function imageAt(workspace: string, path: string): Uint8Array | undefined {
  const hash = /^\/files\/([0-9a-f]{64})$/.exec(path)?.[1];
  if (hash === undefined) return undefined;
  try {
    const bytes = new BlobReader(join(workspace, 'files')).read(hash);
    return PNG.every((byte, i) => bytes[i] === byte) ? bytes : undefined;
  } catch (error) {
    if (error instanceof WorkspaceError) return undefined;
    throw error;
  }
}
