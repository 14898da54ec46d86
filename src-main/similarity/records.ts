import type { Classifier } from '../classifier/classifier.ts';
import type { EngineInfo } from '../engine/engine.ts';
import { cacheKey, type Cache } from './cache.ts';
import type { Desks } from './desks.ts';
import { measureNatural, type MeasureOptions, type NaturalClass } from './natural.ts';
import { decodeRecord, encodeRecord, RECORD_VERSION, type ClassRecord } from './record.ts';
import type { TappedClassifier } from './tap.ts';

/** Who looks at natural images, and where what is seen is kept. */
export interface Observatory {
  readonly engine: EngineInfo;
  readonly classifier: Classifier;
  readonly network: TappedClassifier;
  readonly desks: Desks;
  readonly cache: Cache;
}

/** The class's record, from the cache or measured. */
export async function recordOf(
  observatory: Observatory,
  natural: NaturalClass,
  options: MeasureOptions,
): Promise<ClassRecord> {
  const { network, desks, cache } = observatory;
  const key = keyOf(observatory, natural, options);
  const stored = await cache.get(key);
  const known = stored && decodeRecord(stored);
  if (known) {
    options.onSteps?.(2 * natural.count);
    return known;
  }
  const record = await measureNatural(network, desks, natural, options);
  await cache.put(key, encodeRecord(record));
  return record;
}

/** All that a record depends on: engines and numbers of threads differ in rounding, and logits in what they predict. */
function keyOf(
  { engine: { fallback: _fallback, ...engine }, classifier, network }: Observatory,
  natural: NaturalClass,
  { filter, rankedImages }: MeasureOptions,
): string {
  const { files, preprocessing, input, logits } = classifier;
  return cacheKey({
    version: RECORD_VERSION,
    model: files.map(({ sha256 }) => sha256),
    preprocessing,
    input,
    logits,
    engine,
    images: natural.fingerprint,
    class: natural.index,
    taps: network.taps,
    filter,
    ranked: Math.min(rankedImages, natural.count),
  });
}
