import { join } from 'node:path';
import { programRoot } from '../../resources.ts';
import { imageAt, imageHeaders } from '../service/image.ts';
import { reportFileAt } from '../service/report-file.ts';
import { pageFile, securityHeaders } from '../web/page.ts';

/** Where the page lives. */
export const ORIGIN = 'app://studio';

const PAGE = join(programRoot, 'out', 'renderer');

/** Answers the page's own protocol: its files, and the workspace's images and reports. */
export async function answerPage(workspace: string, request: Request): Promise<Response> {
  const { host, pathname } = new URL(request.url);
  if (host !== new URL(ORIGIN).host || request.method !== 'GET') {
    return new Response(null, { status: 404 });
  }
  const image = imageAt(workspace, pathname);
  if (image)
    return new Response(Uint8Array.from(image), {
      headers: { ...securityHeaders, ...imageHeaders },
    });
  const report = reportFileAt(workspace, pathname);
  if (report) {
    const headers = { ...securityHeaders, ...report.headers };
    return new Response(Uint8Array.from(report.bytes), { headers });
  }
  const found = await pageFile(PAGE, pathname);
  if (!found) return new Response(null, { status: 404 });
  const headers = { ...securityHeaders, 'Content-Type': found.type };
  return new Response(Uint8Array.from(found.bytes), { headers });
}
