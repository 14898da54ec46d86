import type { Model, Tile } from '../../src-main/api/audit.ts';
import type { Mark } from '../../src-main/api/review.ts';
import { isVeiled } from '../gallery/blind.ts';
import { stateNames } from '../glossary/names.ts';
import { figure } from '../kit/figure.ts';

/** Pictures with fewer pixels on a side are enlarged pixel by pixel. */
export const isSmall = ({ height, width }: { height: number; width: number }): boolean =>
  Math.max(height, width) < 96;

/** What a prototype shows, in words, for those who do not see it. */
export function describe(
  tile: Tile,
  model: Model | undefined,
  { pooled, control, mark }: { pooled?: number; control?: number; mark?: Mark } = {},
): string {
  if (isVeiled(tile)) return `${tile.label}, names hidden`;
  const name = `${tile.label}, ${model?.name ?? 'model'}, profile ${tile.profile}`;
  if (tile.state !== 'finished') {
    return `${name}: ${stateNames[tile.state]}${tile.reason ? `. ${tile.reason}` : ''}`;
  }
  const parts = [
    `prototype of ${name}`,
    `logit ${figure(tile.logit, 1)}`,
    pooled === undefined ? '' : `pooled similarity ${figure(pooled, 2)}`,
    control === undefined ? '' : `its best control ${figure(control, 2)}`,
    tile.seenAs ? `seen as ${tile.seenAs}` : '',
    mark && mark.state !== 'unreviewed' ? `marked: ${mark.state}` : '',
  ];
  return parts.filter(Boolean).join(', ');
}
