import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

const TOPOLOGY = '/sys/devices/system/cpu';

/** The processor as its maker calls it. */
export function processorName(): string {
  return cpus()[0]?.model.trim() || `unknown ${process.arch} processor`;
}

/**
 * Threads that can do arithmetic at once: hyper-threads share one vector unit, so a second thread on a core only
 * waits for it. Where the system does not tell its cores, every processor that the process may use counts.
 */
export function physicalParallelism(): number {
  return Math.max(1, Math.min(availableParallelism(), physicalCores() ?? Infinity));
}

/** Linux lists for each logical processor those that share its core. */
function physicalCores(): number | undefined {
  try {
    const names = readdirSync(TOPOLOGY).filter((name) => /^cpu\d+$/.test(name));
    const cores = names.map((name) =>
      readFileSync(`${TOPOLOGY}/${name}/topology/thread_siblings_list`, 'utf8'),
    );
    return new Set(cores).size || undefined;
  } catch {
    return undefined;
  }
}
