import fs from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resourcePath } from '../../resources.ts';
import { scratchFolder } from '../../store/support/sample.ts';
import { clearUploads, uploadsFolder } from '../../store/uploads.ts';
import { openWorkspace, type Workspace } from '../../store/workspace.ts';
import { engine } from '../../studio/support/engine.ts';
import { Supervisor } from '../service/supervisor.ts';
import { Switchboard } from '../service/switchboard.ts';
import { inThisProcess } from '../support/in-this-process.ts';
import { TestPage } from '../support/page.ts';
import { serveStudio, type StudioServer } from './server.ts';

const batch = (digit: string): string => digit.repeat(32);
const model = fs.readFileSync(resourcePath('sample/shortcut.onnx'));

describe('files that a page sends', () => {
  const scratch = scratchFolder();
  let workspace: Workspace;
  let server: StudioServer;
  const mostUploadBytes = model.length + 1;

  beforeAll(async () => {
    workspace = openWorkspace(join(scratch.path, 'workspace'));
    const supervisor = new Supervisor(() => inThisProcess(workspace, engine));
    const switchboard = new Switchboard(supervisor);
    await supervisor.start();
    const page = join(scratch.path, 'page');
    server = await serveStudio({ workspace: workspace.path, switchboard, page, mostUploadBytes });
  });
  afterAll(async () => {
    await server.close();
    workspace.close();
    scratch.remove();
  });

  const own = () => ({ authorization: `Bearer ${server.token}`, origin: server.origin });

  /** Sends bytes with the headers that we say. */
  function send(
    path: string,
    body: Uint8Array,
    headers: Record<string, string> = own(),
    method = 'PUT',
  ): Promise<{ status: number; answer: { path?: string; message?: string } }> {
    const { hostname, port } = new URL(server.origin);
    return new Promise((resolve, reject) => {
      const asked = request({ hostname, port, path, method, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: answer.statusCode!, answer: JSON.parse(text) as { path?: string } });
        });
      });
      asked.on('error', reject).end(method === 'PUT' ? body : undefined);
    });
  }

  const kept = (): string[] =>
    fs.existsSync(uploadsFolder(workspace.path))
      ? fs.readdirSync(uploadsFolder(workspace.path))
      : [];

  it('are taken from the studio’s own page with the token, and from nobody else', async () => {
    const { authorization, origin } = own();
    const strangers: Record<string, string>[] = [
      { origin },
      { authorization: 'Bearer x', origin },
      { authorization },
      { authorization, origin: 'http://evil.example' },
      { authorization, origin: 'null' },
      { authorization, origin, host: 'evil.example' },
      { authorization, origin, 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of strangers) {
      const { status } = await send(`/uploads/${batch('0')}/a.onnx`, model, headers);
      expect([headers, status]).toEqual([headers, 403]);
      const removed = await send(`/uploads/${batch('0')}`, model, headers, 'DELETE');
      expect(removed.status).toBe(403);
    }
    expect(kept()).toEqual([]);
  });

  it('become a model of the workspace once, however often the same file is sent', async () => {
    const page = new TestPage(server.origin, server.token);
    const ids: number[] = [];
    for (const digit of ['a', 'b']) {
      const { status, answer } = await send(`/uploads/${batch(digit)}/my%20model.onnx`, model);
      expect(status).toBe(201);
      expect(fs.readFileSync(answer.path!)).toEqual(model);
      ids.push((await page.client.call('model.add', { path: answer.path! })).modelId);
    }
    page.close();
    expect(ids[0]).toBe(ids[1]);
    expect(kept()).toEqual([]);
    expect(fs.readdirSync(join(workspace.path, 'models'))).toHaveLength(1);
    expect(workspace.models.get(ids[0])?.path).toMatch(/[0-9a-f]{64}.my model\.onnx$/);
  });

  it('are not larger than what is allowed, and say how long they are', async () => {
    const large = await send(`/uploads/${batch('c')}/a.onnx`, new Uint8Array(mostUploadBytes + 1));
    expect(large.status).toBe(413);
    expect(large.answer.message).toMatch(/^a\.onnx is larger than .* GB: give its path instead\.$/);
    const chunked = { ...own(), 'transfer-encoding': 'chunked' };
    expect((await send(`/uploads/${batch('c')}/a.onnx`, model, chunked)).status).toBe(411);
    expect(kept()).toEqual([]);
  });

  it.each([
    '..%2F..%2Fworkspace.db',
    '..%5C..%5Cworkspace.db',
    '..',
    '.hidden',
    'a%00.onnx',
    'a:b',
    'con%0Atrol',
    '%',
    '',
    'a/b',
    'x'.repeat(201),
  ])('do not leave their folder by the name “%s”', async (name) => {
    const { status } = await send(`/uploads/${batch('d')}/${name}`, model);
    expect(status).toBe(400);
    expect(kept()).toEqual([]);
  });

  it('lie in a folder of their own number alone', async () => {
    for (const place of ['..', 'models', 'A'.repeat(32), '0'.repeat(31), '%2e%2e']) {
      expect((await send(`/uploads/${place}/a.onnx`, model)).status).toBe(400);
      expect((await send(`/uploads/${place}`, model, own(), 'DELETE')).status).toBe(400);
    }
    expect(fs.existsSync(join(workspace.path, 'files'))).toBe(true);
  });

  it('are not overwritten, can be taken back, and are forgotten after a day', async () => {
    const name = `/uploads/${batch('e')}/a.onnx`;
    expect((await send(name, model)).status).toBe(201);
    expect((await send(name, model)).status).toBe(409);
    expect((await send(`/uploads/${batch('e')}`, new Uint8Array(0), own(), 'DELETE')).status).toBe(
      200,
    );
    expect(kept()).toEqual([]);
    await send(name, model);
    clearUploads(workspace.path);
    expect(kept()).toEqual([batch('e')]);
    clearUploads(workspace.path, Date.now() + 25 * 3600 * 1000);
    expect(kept()).toEqual([]);
  });

  it('that break off leave nothing behind', async () => {
    const { hostname, port } = new URL(server.origin);
    const path = `/uploads/${batch('f')}/a.onnx`;
    const headers = { ...own(), 'content-length': `${model.length}` };
    const asked = request({ hostname, port, path, method: 'PUT', headers });
    asked.on('error', () => undefined);
    asked.write(model.subarray(0, 100));
    const file = join(uploadsFolder(workspace.path), batch('f'), 'a.onnx');
    while (!fs.existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 5));
    asked.destroy();
    while (fs.existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(fs.existsSync(file)).toBe(false);
  });
});
