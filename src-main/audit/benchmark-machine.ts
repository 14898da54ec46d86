import { availableParallelism, release, totalmem, type } from 'node:os';
import { graphicsCards, cardInWords } from '../engine/native-device.ts';
import { physicalParallelism, processorName } from '../engine/processor.ts';
import { versions } from './versions.ts';

/** What a measurement was made on. */
export interface Machine {
  readonly processor: string;
  /** Physical cores, and threads that the process may run at once. */
  readonly cores: number;
  readonly threads: number;
  readonly memoryMB: number;
  readonly graphics: readonly string[];
  /** `Linux 6.1.0, x64` */
  readonly system: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** This machine; nothing in it names its owner. */
export async function thisMachine(): Promise<Machine> {
  return {
    processor: processorName(),
    ...{ cores: physicalParallelism(), threads: availableParallelism() },
    memoryMB: Math.round(totalmem() / 2 ** 20),
    graphics: (await graphicsCards()).map(cardInWords),
    system: `${type()} ${release()}, ${process.arch}`,
    versions,
  };
}
