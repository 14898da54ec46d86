import { join } from 'node:path';
import { programRoot } from '../../resources.ts';
import { workspaceFileAt } from '../service/workspace-file.ts';
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
  const kept = workspaceFileAt(workspace, pathname);
  if (kept) {
    const headers = { ...securityHeaders, ...kept.headers };
    return new Response(Uint8Array.from(kept.bytes), { headers });
  }
  const found = await pageFile(PAGE, pathname);
  if (!found) return new Response(null, { status: 404 });
  const headers = { ...securityHeaders, 'Content-Type': found.type };
  return new Response(Uint8Array.from(found.bytes), { headers });
}
