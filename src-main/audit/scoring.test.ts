import { describe, expect, it, vi } from 'vitest';
import { strangers, subjectsOf } from './scoring.ts';

describe('the subjects of an audit', () => {
  const classes = Array.from({ length: 1000 }, (_, classIndex) => classIndex);
  const finished = ['paper', 'plain'].flatMap((profile, p) =>
    classes.map((classIndex) => ({
      id: 1000 * p + classIndex,
      profile,
      classIndex,
      prototypeIndex: 0,
    })),
  );
  const raw = vi.fn((id: number) => Float32Array.of(id));
  const subjects = subjectsOf({ raw }, finished);
  const all = [...subjects, ...strangers(subjects)];

  it('leave their pixels in the workspace until they are asked for, of however many classes', () => {
    expect(all).toHaveLength(3000);
    expect(raw).not.toHaveBeenCalled();
    const pixels = all.slice(0, 2).map((subject) => subject.pixels()[0]);
    expect(pixels).toEqual([0, 1]);
    expect(raw.mock.calls).toEqual([[0], [1]]);
  });

  it('are given the prototype of the next class as a stranger, of every profile but plain', () => {
    const own = all.filter(({ kind }) => kind === 'other-class');
    expect(own.map(({ classIndex }) => classIndex)).toEqual(classes);
    expect(own.map(({ pixels }) => pixels()[0])).toEqual([...classes.slice(1), 0]);
  });
});
