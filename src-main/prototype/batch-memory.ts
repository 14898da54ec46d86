import type { Classifier } from '../classifier/classifier.ts';
import { specialiseClassifier } from '../classifier/load.ts';
import type { EngineInfo } from '../engine/engine.ts';
import { memoryCost } from '../graph/cost.ts';
import { withObjective } from './objective.ts';

/** Share of a graphics card's memory that Eidoscope takes: the desktop and other programs want some too. */
const SHARE = 0.8;

/** Engines hold about so many times what a run needs at least: their workspaces, and memory that they free late. */
const OVERHEAD = 2;

/** What a graphics card of unknown memory is trusted with, in MB. */
const UNKNOWN_MB = 2048;

/** No card gains from more images at a time. */
const MOST = 256;

/** Images of one run that fit into the memory of a graphics card, by estimate; 1 at the least. */
export function imagesThatFit(
  classifier: Classifier,
  { memoryMB = UNKNOWN_MB }: Pick<EngineInfo, 'memoryMB'>,
): number {
  const network = specialiseClassifier(classifier, 1, [classifier.logits]);
  const { constants, activations } = memoryCost(withObjective(network).graph);
  const free = SHARE * memoryMB * 2 ** 20 - constants;
  return Math.max(1, Math.min(MOST, Math.floor(free / (OVERHEAD * activations))));
}
