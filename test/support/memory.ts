import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Memory of this process without what only waits to be collected: twice, for the first only begins to free arrays. */
export function memoryInUse(): NodeJS.MemoryUsage {
  collect();
  collect();
  return process.memoryUsage();
}

const LOOKS = 256;

/**
 * The most memory that steps take beyond what there was, by what each leaves behind, garbage included. All is collected
 * now and then, so that garbage of many steps does not count as that of one.
 */
export class MemoryWatch {
  readonly #before = memoryInUse();
  #looks = 0;
  /** Bytes: resident, or in the heap and in arrays, whichever is more. */
  most = 0;

  /** To be called after each step. */
  look(): void {
    const { rss, heapUsed, external } = process.memoryUsage();
    const held = heapUsed + external - this.#before.heapUsed - this.#before.external;
    this.most = Math.max(this.most, rss - this.#before.rss, held);
    if (++this.#looks % LOOKS === 0) collect();
  }
}
