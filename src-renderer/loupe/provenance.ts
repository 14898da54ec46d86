import type { Prototype } from '../../src-main/api/prototype.ts';
import { batchInWords } from '../../src-main/api/batch.ts';
import { duration } from './citation.ts';

/** Where a prototype comes from: what one needs to trust it, and to make it again. */
export function provenance(prototype: Prototype): [string, string][] {
  const { result, engine, versions, tile, batch } = prototype;
  const facts: [string, string | undefined][] = [
    ['Model', prototype.modelName],
    ['Model’s SHA-256', prototype.modelSha256],
    ['Preprocessing', prototype.preprocessingFrom],
    ['Seed', `${prototype.seed}, prototype ${tile.prototypeIndex + 1}`],
    ['Steps', result && stepsOf(result)],
    ['Made of', result && sizeOf(result)],
    ['Image’s SHA-256', result?.imageHash],
    ['Engine', engine && `${engine.id} ${engine.version}, ${engine.provider}, ${engine.device}`],
    ['Prototypes a run', batch && batchInWords(batch)],
    ['Precision', engine && precisions[engine.precision]],
    ['Repeatable', engine && (engine.deterministic ? 'byte for byte' : 'within a tolerance')],
    ['Eidoscope', versions?.eidoscope],
    ['Made', prototype.finishedAt?.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')],
    ['Took', duration(prototype.startedAt, prototype.finishedAt)],
    ['Attempts', `${prototype.attempts}`],
    ['Run', `${tile.runId} of audit ${prototype.auditId}`],
  ];
  return facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
}

const precisions = {
  float32: 'single (float32)',
  reduced: 'reduced (TF32 or half): about three digits',
};

const sizeOf = ({ width, height, channels, features }: NonNullable<Prototype['result']>): string =>
  features ? `${features.length} features` : `${width} × ${height} pixels, ${channels} channels`;

function stepsOf({ baselineSteps, steps, stillSteps }: NonNullable<Prototype['result']>): string {
  const still = stillSteps > 0 ? `, ${stillSteps} of them without any gradient` : '';
  return `${baselineSteps} for the baseline, ${steps} for the prototype${still}`;
}
