import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

/** A task that lasts until it is told to end. */
function open() {
  let end = (): void => undefined;
  const done = new Promise<void>((resolve) => (end = resolve));
  return { end, done };
}

it('gives each caller a member of its own, and lets the next wait for the first that is idle', async () => {
  const turns = new Turns(2);
  const tasks = [open(), open(), open()];
  const given: number[] = [];
  const all = tasks.map((task) =>
    turns.with(2, (member) => {
      given.push(member);
      return task.done;
    }),
  );
  await Promise.resolve();
  expect(given).toEqual([0, 1]);
  tasks[1].end();
  await all[1];
  await Promise.resolve();
  expect(given).toEqual([0, 1, 1]);
  tasks[0].end();
  tasks[2].end();
  await Promise.all(all);
});

it('hands a member only to a task that it is fit for, however long others wait', async () => {
  const turns = new Turns(2);
  const [first, second] = [open(), open()];
  const given: string[] = [];
  const noted = (name: string, task: Promise<void>) => (member: number) => {
    given.push(`${name} ${member}`);
    return task;
  };
  const running = [
    turns.with(1, noted('a', first.done)),
    turns.with(2, noted('b', second.done)),
    turns.with(1, noted('only first', Promise.resolve())),
    turns.with(2, noted('either', Promise.resolve())),
  ];
  second.end();
  await running[3];
  expect(given).toEqual(['a 0', 'b 1', 'either 1']);
  first.end();
  await Promise.all(running);
  expect(given.at(-1)).toBe('only first 0');
});

it('frees a member whose task failed', async () => {
  const turns = new Turns(1);
  await expect(turns.with(1, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await turns.with(1, (member) => Promise.resolve(member))).toBe(0);
});
