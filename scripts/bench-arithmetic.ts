/**
 * Sets the arithmetic of a batch of prototypes (affine map, adjoint, penalty, Adam) against a network that takes a given
 * time and computes nothing, as a fast graphics card would:
 *
 *   node scripts/bench-arithmetic.ts [--batch 11] [--network 5] [--steps 20] [--side 224] [--threads 0,1,2]
 *
 * Writes, for each number of threads besides the one that asks the network: milliseconds of a step of the batch, share
 * of the time in which the network idled, and milliseconds that the processor worked for the asking thread and for all
 * others. The latter hardly depend on what else the machine does.
 */
import { parseArgs } from 'node:util';
import type { Classifier } from '../src-main/classifier/classifier.ts';
import { loadClassifier } from '../src-main/classifier/load.ts';
import type { Engine, Executable } from '../src-main/engine/engine.ts';
import { sizeOf, type TypedGraph } from '../src-main/graph/ir.ts';
import { resolveConfiguration } from '../src-main/prototype/configuration.ts';
import { PrototypeGenerator } from '../src-main/prototype/generate.ts';
import { resourcePath } from '../src-main/resources.ts';

const { values } = parseArgs({
  options: {
    batch: { type: 'string', default: '11' },
    network: { type: 'string', default: '5' },
    steps: { type: 'string', default: '20' },
    side: { type: 'string', default: '224' },
    threads: { type: 'string', default: '0,1,2' },
  },
});
const [batch, networkMs, steps, side] = [
  values.batch,
  values.network,
  values.steps,
  values.side,
].map(Number);

/** Answers each question with the same numbers after a while, one question after the other. */
function network(graph: TypedGraph): Executable {
  const answer = Object.fromEntries(
    graph.outputs.map((name) => [
      name,
      new Float32Array(sizeOf(graph.types.get(name)!.dims)).fill(1e-3),
    ]),
  );
  let [idleFrom, computedMs] = [0, 0];
  return {
    compileMs: 0,
    get computedMs() {
      return computedMs;
    },
    release: () => Promise.resolve(),
    async run(feeds) {
      // An engine copies what it is given.
      for (const data of Object.values(feeds)) data.slice();
      idleFrom = Math.max(performance.now(), idleFrom) + networkMs;
      computedMs += networkMs;
      await new Promise((done) => setTimeout(done, idleFrom - performance.now()));
      return answer;
    },
  };
}

const card: Engine = {
  info: {
    ...{ id: 'none', provider: 'none', device: 'none', version: '0', threads: 0 },
    precision: 'float32',
    deterministic: false,
  },
  close: () => Promise.resolve(),
  compile: (graph) => Promise.resolve(network(graph)),
};

const sample = await loadClassifier(resourcePath('sample/balanced.onnx'));
const classifier: Classifier = {
  ...sample,
  input: { ...sample.input, height: side, width: side, batch: 'free' },
};
const configuration = resolveConfiguration('paper', {
  ...{ steps, snapshotEvery: 0, baseline: { enabled: false } },
});

async function measure(threads: number) {
  const generator = await PrototypeGenerator.open(
    ...([classifier, card, configuration, batch, Infinity, threads] as const),
  );
  const jobs = Array.from({ length: generator.lanes * batch }, (_, prototype) => ({
    ...{ classIndex: 0, prototype },
  }));
  const onEvent = (): void => undefined;
  await generator.generate(jobs, { onEvent });
  const [start, computed] = [performance.now(), generator.computedMs!];
  const [own, all] = [process.threadCpuUsage(), process.cpuUsage()];
  await generator.generate(jobs, { onEvent });
  const [spent, ownSpent, allSpent] = [
    performance.now() - start,
    process.threadCpuUsage(own),
    process.cpuUsage(all),
  ];
  const network = generator.computedMs! - computed;
  await generator.release();
  const runs = network / networkMs;
  const ms = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000 / runs;
  return {
    ...{ threads, stepMs: spent / runs, idle: 1 - network / spent },
    ...{ askingMs: ms(ownSpent), othersMs: ms(allSpent) - ms(ownSpent) },
  };
}

for (const threads of values.threads.split(',').map(Number)) {
  const found = Object.entries(await measure(threads));
  console.log(found.map(([name, value]) => `${name} ${Number(value.toFixed(2))}`).join('  '));
}
