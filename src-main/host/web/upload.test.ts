import fs from 'node:fs';
import { request } from 'node:http';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mostSentFiles } from '../../api/upload.ts';
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

  const uploaded = (): string[] =>
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
    expect(uploaded()).toEqual([]);
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
    expect(uploaded()).toEqual([]);
    expect(fs.readdirSync(join(workspace.path, 'models'))).toHaveLength(1);
    expect(workspace.models.get(ids[0])?.path).toMatch(/[0-9a-f]{64}.my model\.onnx$/);
  });

  it('are not larger than what is allowed, and say how long they are', async () => {
    const large = await send(`/uploads/${batch('c')}/a.onnx`, new Uint8Array(mostUploadBytes + 1));
    expect(large.status).toBe(413);
    expect(large.answer.message).toMatch(/^a\.onnx is larger than .* GB: give its path instead\.$/);
    const chunked = { ...own(), 'transfer-encoding': 'chunked' };
    expect((await send(`/uploads/${batch('c')}/a.onnx`, model, chunked)).status).toBe(411);
    expect(uploaded()).toEqual([]);
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
    'x'.repeat(201),
    '../a.onnx',
    'net/../../a.onnx',
    'net/%2e%2e/%2e%2e/%2e%2e/workspace.db',
    'net/..%2F..%2Fworkspace.db',
    'net/./a.onnx',
    'net//a.onnx',
    'net/',
    '/etc/hostname',
    'C:/a.onnx',
    'net%5C..%5Ca.onnx',
    'net/.git/config',
    'net%20/a.onnx',
    'net/a.onnx?b',
    'a/'.repeat(8) + 'a.onnx',
  ])('do not leave their folder by the name “%s”', async (name) => {
    const { status } = await send(`/uploads/${batch('d')}/${name}`, model);
    expect(status).toBe(400);
    expect(uploaded()).toEqual([]);
  });

  it('lie in a folder of their own number alone', async () => {
    for (const place of ['..', 'models', 'A'.repeat(32), '0'.repeat(31), '%2e%2e']) {
      expect((await send(`/uploads/${place}/a.onnx`, model)).status).toBe(400);
      expect((await send(`/uploads/${place}`, model, own(), 'DELETE')).status).toBe(400);
    }
    expect(fs.existsSync(join(workspace.path, 'files'))).toBe(true);
  });

  it('become one model when they are a folder, which goes as a whole', async () => {
    const folder = fileURLToPath(new URL('../../../test/golden/saved-model-tags', import.meta.url));
    const names = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile());
    const page = new TestPage(server.origin, server.token);
    const before = fs.readdirSync(join(workspace.path, 'models')).length;
    const ids: number[] = [];
    for (const digit of ['1', '2']) {
      let main = '';
      for (const { name, parentPath } of files) {
        const path = relative(folder, join(parentPath, name)).split(sep).join('/');
        const bytes = fs.readFileSync(join(parentPath, name));
        const { status, answer } = await send(`/uploads/${batch(digit)}/my%20net/${path}`, bytes);
        expect(status).toBe(201);
        if (name === 'saved_model.pb') main = answer.path!;
      }
      ids.push((await page.client.call('model.add', { path: main })).modelId);
    }
    expect(ids[0]).toBe(ids[1]);
    const kept = workspace.models.get(ids[0])!;
    expect(kept.path).toMatch(/models.[0-9a-f]{64}.my net.saved_model\.pb$/);
    expect(kept).toMatchObject({ name: 'my net', files: { length: 3 } });
    expect(uploaded()).toEqual([]);
    await page.client.call('model.remove', { modelId: ids[0] });
    page.close();
    expect(fs.readdirSync(join(workspace.path, 'models'))).toHaveLength(before);
  });

  it('are refused when a folder has the name of a file, or there are too many', async () => {
    const at = (path: string): string => `/uploads/${batch('3')}/${path}`;
    expect((await send(at('net/a'), model)).status).toBe(201);
    const inside = await send(at('net/a/b'), model);
    expect(inside.status).toBe(409);
    expect(inside.answer.message).toMatch(/^There is no place for net\/a\/b: a file has the name/);
    const folder = join(uploadsFolder(workspace.path), batch('3'), 'net');
    for (let i = 0; i < mostSentFiles + 256; i++) fs.writeFileSync(join(folder, `shard${i}`), '');
    const one = await send(at('net/more'), model);
    expect(one.status).toBe(409);
    expect(one.answer.message).toBe('No more than 2048 files can be sent together.');
    await send(`/uploads/${batch('3')}`, new Uint8Array(0), own(), 'DELETE');
    expect(uploaded()).toEqual([]);
  });

  it('are not overwritten, can be taken back, and are forgotten after a day', async () => {
    const name = `/uploads/${batch('e')}/a.onnx`;
    expect((await send(name, model)).status).toBe(201);
    expect((await send(name, model)).status).toBe(409);
    expect((await send(`/uploads/${batch('e')}`, new Uint8Array(0), own(), 'DELETE')).status).toBe(
      200,
    );
    expect(uploaded()).toEqual([]);
    await send(name, model);
    clearUploads(workspace.path);
    expect(uploaded()).toEqual([batch('e')]);
    clearUploads(workspace.path, Date.now() + 25 * 3600 * 1000);
    expect(uploaded()).toEqual([]);
  });

  it('that break off leave nothing behind', async () => {
    const { hostname, port } = new URL(server.origin);
    const path = `/uploads/${batch('f')}/net/a.onnx`;
    const headers = { ...own(), 'content-length': `${model.length}` };
    const asked = request({ hostname, port, path, method: 'PUT', headers });
    asked.on('error', () => undefined);
    asked.write(model.subarray(0, 100));
    const file = join(uploadsFolder(workspace.path), batch('f'), 'net', 'a.onnx');
    while (!fs.existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 5));
    asked.destroy();
    while (fs.existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(fs.existsSync(file)).toBe(false);
  });
});
