import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { calls, type Call } from '../../src-main/api/contract.ts';
import { messageSchema, type Message } from '../../src-main/api/wire.ts';
import { serveWorkspace, type ServedStudio } from '../../src-main/host/web/serve.ts';
import { makeWorkspace } from '../journey/support/workspace.ts';
import { Folder } from '../support/network.ts';
import { generator } from '../support/random.ts';
import { sampleFile } from '../support/sample.ts';
import { Forger, randomJson } from './support/random-json.ts';

const MESSAGES = 2000;
const AT_ONCE = 50;

/** Calls that are meant to start the service anew when they are understood. */
const restarts: readonly string[] = ['settings.set'];

describe('two thousand messages that nobody should send', () => {
  const folder = new Folder();
  const home = join(folder.path, 'a', 'b');
  const replies = new Map<number, Message>();
  const states: unknown[] = [];
  let studio: ServedStudio;
  let socket: WebSocket;

  beforeAll(async () => {
    mkdirSync(home, { recursive: true });
    // What a message may name stays in the folder, settings too.
    vi.stubEnv('EIDOSCOPE_CONFIG', join(home, 'settings'));
    await makeWorkspace(home, 'fuzzed');
    const page = folder.write('index.html', '');
    studio = await serveWorkspace({ workspace: join(home, 'fuzzed'), page: join(page, '..') });
    socket = new WebSocket(`${studio.origin.replace('http', 'ws')}/line`, {
      headers: { authorization: `Bearer ${studio.token}` },
    });
    socket.on('message', (data: Buffer) => hear(messageSchema.parse(JSON.parse(data.toString()))));
    await vi.waitFor(() => expect(states).toHaveLength(1), { timeout: 120_000 });
  });
  afterAll(async () => {
    socket?.terminate();
    await studio?.close();
    vi.unstubAllEnvs();
    folder.remove();
  });

  function hear(message: Message): void {
    if ('id' in message) replies.set(message.id, message);
    else if (message.event === 'service') states.push(message.value);
  }

  /** A message that is nearly right, or nothing of the kind. */
  function messageOf(id: number, draw: () => number, forger: Forger): unknown {
    const names = Object.keys(calls) as Call[];
    const call = names[id % names.length];
    const kind = draw();
    if (kind < 0.05) return randomJson(draw);
    if (kind < 0.1) return { id, call: randomJson(draw), input: randomJson(draw) };
    if (kind < 0.25 || restarts.includes(call)) return { id, call, input: randomJson(draw) };
    return { id, call, input: forger.forge(calls[call].input) };
  }

  it('are each answered as the contract says, by a service that lives on', async () => {
    const draw = generator(7);
    const paths = [sampleFile('balanced.onnx'), sampleFile('digits.txt'), home, '../b', '\0'];
    const forger = new Forger(draw, [...paths, '', '0', 'three', 'all', '3-7', 'x'.repeat(5000)]);
    const { pid } = studio.supervisor;
    for (let from = 0; from < MESSAGES; from += AT_ONCE) {
      const sent = Array.from({ length: AT_ONCE }, (_, at) => messageOf(from + at, draw, forger));
      for (const message of sent) socket.send(JSON.stringify(message));
      const numbered = sent.filter(isNumbered);
      await expect.poll(() => numbered.filter(({ id }) => !replies.has(id))).toEqual([]);
    }
    const failures = [...replies.values()].flatMap((reply) =>
      'failure' in reply ? [reply.failure] : [],
    );
    expect(failures.filter(({ code }) => code === 'internal')).toEqual([]);
    expect(replies.size - failures.length).toBeGreaterThan(MESSAGES / 10);
    expect([studio.supervisor.pid, states]).toEqual([pid, [{ state: 'ready' }]]);
  });
});

/** Whether a message bears a number, and so must be answered. */
const isNumbered = (message: unknown): message is { id: number } => {
  const id = (message as { id?: unknown } | null)?.id;
  return Number.isSafeInteger(id) && (id as number) >= 0;
};
