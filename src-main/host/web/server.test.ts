import fs from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { fileAddress } from '../../api/contract.ts';
import { outcomeOf, planAudit, scratchFolder } from '../../store/support/sample.ts';
import { openWorkspace, type Workspace } from '../../store/workspace.ts';
import { engine } from '../../studio/support/engine.ts';
import { Supervisor } from '../service/supervisor.ts';
import { Switchboard } from '../service/switchboard.ts';
import { inThisProcess } from '../support/in-this-process.ts';
import { TestPage } from '../support/page.ts';
import { serveStudio, type StudioServer } from './server.ts';

/** The smallest picture: one grey pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

describe('the studio on the loopback address', () => {
  const scratch = scratchFolder();
  let workspace: Workspace;
  let options: Parameters<typeof serveStudio>[0];
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
    const { auditId } = planAudit(workspace);
    const [one] = workspace.runs.claim(auditId, 1);
    workspace.runs.finish(one.id, { ...outcomeOf(0), image: png });
    ({ imageHash, rawHash } = workspace.runs.prototype(one.id)!);
    const supervisor = new Supervisor(() => inThisProcess(workspace, engine));
    const switchboard = new Switchboard(supervisor);
    await supervisor.start();
    options = { workspace: workspace.path, switchboard, page };
    server = await serveStudio(options);
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

  it('carries the contract over its socket', async () => {
    const page = new TestPage(server.origin, server.token);
    const studio = await page.client.call('studio.get', {});
    expect(studio.audits).toMatchObject([{ name: 'first', progress: { finished: 1, queued: 2 } }]);
    const [{ id: auditId }] = studio.audits;
    const sights = [`${workspace.runs.list(auditId)[0].id}`];
    const other = new TestPage(server.origin, server.token);
    await other.client.call('studio.get', {});
    const told = other.until('review.changed', () => true);
    const mark = { state: 'concern', severity: 2, note: 'A ruler.' } as const;
    await page.client.call('review.set', { auditId, sights, mark });
    expect((await told).review).toMatchObject({ sights, mark });
    page.close();
    other.close();
  });

  /** How the server answers who wants a socket. */
  const knock = (headers: Record<string, string>, path = '/line'): Promise<string> =>
    new Promise((resolve) => {
      const socket = new WebSocket(server.origin.replace('http', 'ws') + path, { headers });
      socket.on('error', (error) => resolve(error.message));
      socket.on('open', () => {
        socket.terminate();
        resolve('open');
      });
    });

  it('opens its socket to pages of its own that bring the token, and to no other', async () => {
    const refused = 'Unexpected server response: 403';
    const { host } = new URL(server.origin);
    expect(await knock(known())).toBe('open');
    expect(await knock({ ...known(), origin: server.origin })).toBe('open');
    expect(await knock({})).toBe(refused);
    expect(await knock({ authorization: 'Bearer x' })).toBe(refused);
    expect(await knock({ ...known(), origin: 'http://evil.example' })).toBe(refused);
    expect(await knock({ ...known(), origin: `https://${host}` })).toBe(refused);
    expect(await knock({ ...known(), host: 'evil.example' })).toBe(refused);
    expect(await knock({ ...known(), 'sec-fetch-site': 'cross-site' })).toBe(refused);
    expect(await knock(known(), '/elsewhere')).toBe(refused);
  });

  it('closes a socket that speaks no JSON or too much, and lives on', async () => {
    for (const [words, code] of [
      ['{', 1007],
      ['"'.padEnd(2 ** 20 + 1), 1009],
    ] as const) {
      const { socket } = new TestPage(server.origin, server.token);
      socket.on('open', () => socket.send(words));
      expect(await new Promise((resolve) => socket.on('close', resolve))).toBe(code);
    }
    expect(await knock(known())).toBe('open');
  });

  it('serves images by their content, for ever, and no other file', async () => {
    const image = await get(`/${fileAddress(imageHash)}`);
    expect(image.body).toEqual(png);
    expect(image.headers['content-type']).toBe('image/png');
    expect(image.headers['cache-control']).toContain('immutable');
    expect((await get(`/${fileAddress(rawHash)}`)).status).toBe(404);
    expect((await get(`/${fileAddress('0'.repeat(64))}`)).status).toBe(404);
  });

  it('is shut to whoever has not the token', async () => {
    const wrong = `${server.token.slice(0, -1)}${server.token.endsWith('x') ? 'y' : 'x'}`;
    const strangers: Record<string, string>[] = [
      {},
      { authorization: `Bearer ${wrong}` },
      { cookie: `a=${wrong}` },
    ];
    for (const headers of strangers) {
      for (const path of ['/', '/index.html', `/files/${imageHash}`, `/?token=${wrong}`]) {
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
      expect((await get('/index.html', { ...known(), ...headers })).status).toBe(403);
    }
    const own = { origin: server.origin, 'sec-fetch-site': 'same-origin' };
    expect((await get('/index.html', { ...known(), ...own })).status).toBe(200);
  });

  it('only reads', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await get('/index.html', known(), method)).status).toBe(405);
    }
    expect((await get('/index.html', known(), 'HEAD')).body).toHaveLength(0);
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
      '/files/1e3',
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
    await expect(serveStudio({ ...options, port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});
