import type { Tile } from '../../src-main/api/audit.ts';

/** Whether a prototype is to be judged: plain maximisation is a control, made to be compared with. */
export const isToReview = ({ state, profile }: Tile): boolean =>
  state === 'finished' && profile !== 'plain';

/** The next one in a list that fulfils something, round the end and back to the start. */
export function nextWhere<T>(
  list: readonly T[],
  from: number,
  step: 1 | -1,
  wanted: (item: T) => boolean,
): T | undefined {
  for (let passed = 1; passed <= list.length; passed++) {
    const place = (from + step * passed + list.length * (passed + 1)) % list.length;
    const item = list[place];
    if (wanted(item)) return item;
  }
  return undefined;
}
