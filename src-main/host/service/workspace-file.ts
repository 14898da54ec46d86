import { imageAt, imageHeaders } from './image.ts';
import { reportFileAt } from './report-file.ts';
import { reportPageAt } from './report-page.ts';
import type { ServedFile } from './served-file.ts';

/** What pages may have of a workspace: images, composed pages of reports, and files of written ones. */
export function workspaceFileAt(workspace: string, path: string): ServedFile | undefined {
  const image = imageAt(workspace, path);
  if (image) return { bytes: image, headers: imageHeaders };
  return reportPageAt(workspace, path) ?? reportFileAt(workspace, path);
}
