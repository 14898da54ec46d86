import fs from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditSchema } from '../../api/audit.ts';
import { routes } from '../../api/contract.ts';
import { studioSchema as wholeSchema } from '../../api/studio.ts';

const studioSchema = wholeSchema.pick({ workspace: true, audits: true });
import { outcomeOf, planAudit, scratchFolder, similarityOf } from '../../store/support/sample.ts';
import { openWorkspace, type Workspace } from '../../store/workspace.ts';
import { serveStudio, type StudioServer } from './server.ts';

/** The smallest picture: one grey pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

describe('the studio on the loopback address', () => {
  const scratch = scratchFolder();
  let workspace: Workspace;
  let server: StudioServer;
  let imageHash: string;
  let rawHash: string;

  beforeAll(async () => {
    const page = join(scratch.path, 'page');
    fs.mkdirSync(page);
    fs.writeFileSync(join(page, 'index.html'), '<h1>page</h1>');
    fs.writeFileSync(join(scratch.path, 'secret.html'), 'secret');
    fs.symlinkSync(join(scratch.path, 'secret.html'), join(page, 'link.html'));
    workspace = openWorkspace(join(scratch.path, 'workspace'));
    const { auditId, modelId } = planAudit(workspace);
    const [one, two] = workspace.runs.claim(auditId, 2);
    workspace.runs.finish(one.id, { ...outcomeOf(0), image: png });
    workspace.runs.finish(two.id, { ...outcomeOf(1), image: png, predicted: 2 });
    workspace.scores.save(auditId, modelId, similarityOf(75));
    ({ imageHash, rawHash } = workspace.runs.prototype(one.id)!);
    server = await serveStudio({ workspace, page });
  });
  afterAll(async () => {
    await server.close();
    workspace.close();
    scratch.remove();
  });

  const known = (): Record<string, string> => ({ authorization: `Bearer ${server.token}` });

  /** A request whose headers are what we say, `Host` too. */
  async function get(
    path: string,
    headers: Record<string, string> = known(),
    method = 'GET',
  ): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }> {
    const { hostname, port } = new URL(server.origin);
    return new Promise((resolve, reject) => {
      const asked = request({ hostname, port, path, headers, method }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () =>
          resolve({
            status: answer.statusCode!,
            headers: answer.headers,
            body: Buffer.concat(chunks),
          }),
        );
      });
      asked.on('error', reject).end();
    });
  }

  it('listens on the loopback address alone', () => {
    expect(server.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('answers as the contract says', async () => {
    const studio = studioSchema.parse(JSON.parse(String((await get('/api/studio')).body)));
    expect(studio.audits).toMatchObject([{ name: 'first', progress: { finished: 2, queued: 1 } }]);
    const path = `/${routes.audit(studio.audits[0].id)}`;
    const audit = auditSchema.parse(JSON.parse(String((await get(path)).body)));
    expect(audit.models).toMatchObject([{ name: 'tiny', classes: 3 }]);
    expect(audit.tiles.map(({ label, seenAs }) => [label, seenAs])).toEqual([
      ['class 0', undefined],
      ['class 1', 'dog'],
      ['class 2', undefined],
    ]);
    expect(audit.scores.find(({ kind }) => kind === 'grey')?.l1Percent).toBe(66);
    expect(audit.totals.map(({ series, l1Percent }) => [series, l1Percent])).toEqual([
      ['paper', 75],
      ['plain', undefined],
    ]);
  });

  it('serves images by their content, for ever, and no other file', async () => {
    const image = await get(`/${routes.file(imageHash)}`);
    expect(image.body).toEqual(png);
    expect(image.headers['content-type']).toBe('image/png');
    expect(image.headers['cache-control']).toContain('immutable');
    expect((await get(`/${routes.file(rawHash)}`)).status).toBe(404);
    expect((await get(`/${routes.file('0'.repeat(64))}`)).status).toBe(404);
  });

  it('says that there is no such audit', async () => {
    const answer = await get('/api/audits/99');
    expect(answer.status).toBe(404);
    expect(JSON.parse(String(answer.body))).toEqual({
      message: 'There is no such audit in the workspace.',
    });
  });

  it('is shut to whoever has not the token', async () => {
    const wrong = `${server.token.slice(0, -1)}${server.token.endsWith('x') ? 'y' : 'x'}`;
    const strangers: Record<string, string>[] = [
      {},
      { authorization: `Bearer ${wrong}` },
      { cookie: `a=${wrong}` },
    ];
    for (const headers of strangers) {
      for (const path of ['/', '/api/studio', `/files/${imageHash}`, `/?token=${wrong}`]) {
        expect((await get(path, headers)).status).toBe(403);
      }
    }
  });

  it('opens with its link, and keeps the token in a cookie that no script reads', async () => {
    const { pathname, search } = new URL(server.link);
    const welcome = await get(pathname + search, {});
    const [cookie] = welcome.headers['set-cookie']!;
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    const page = await get('/', { cookie: cookie.split(';')[0] });
    expect(String(page.body)).toBe('<h1>page</h1>');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('refuses foreign names and foreign pages, even with the token', async () => {
    const { host } = new URL(server.origin);
    const foreign: Record<string, string>[] = [
      { host: 'evil.example' },
      { host: `evil.example:${host.split(':')[1]}` },
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    ];
    for (const headers of foreign) {
      expect((await get('/api/studio', { ...known(), ...headers })).status).toBe(403);
    }
    const own = { origin: server.origin, 'sec-fetch-site': 'same-origin' };
    expect((await get('/api/studio', { ...known(), ...own })).status).toBe(200);
  });

  it('only reads', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await get('/api/studio', known(), method)).status).toBe(405);
    }
    expect((await get('/api/studio', known(), 'HEAD')).body).toHaveLength(0);
  });

  it('never leaves the folder of the page', async () => {
    const paths = [
      '/../secret.html',
      '/%2e%2e/secret.html',
      '/..%2fsecret.html',
      '/....//secret.html',
      '/link.html',
      '/index.html%00.png',
      '/index.html/',
      '//secret.html',
      '/files/../../secret.html',
      '/api/audits/1e3',
      '/%',
    ];
    for (const path of paths) {
      const answer = await get(path);
      expect([path, answer.status]).toEqual([path, path.startsWith('//') ? answer.status : 404]);
      expect(String(answer.body)).not.toContain('secret');
    }
  });

  it('says so when its port is taken', async () => {
    const port = Number(new URL(server.origin).port);
    await expect(serveStudio({ workspace, page: scratch.path, port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});
