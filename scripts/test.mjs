/** `npm test`: setup, build, every check, and the unit tests; goes on after a failure and sums up. */
import { build, install, main, runNode, runScript, say } from './setup.mjs';

const report = ['--reporter=default', '--reporter=json', '--outputFile.json=out/unit-tests.json'];

/** Where a missing runtime fails the tests that need it, it is fetched first. */
const required = process.env.EIDOSCOPE_REQUIRE_RUNTIMES === '1';
const prepare = async () => (await runNode(['scripts/runtimes/prepare.ts'])) === 0;

/** Where no wheel of TensorFlow can be had, the tests of it say that they skip. */
const tensorflow = async () => {
  await runNode(['scripts/setup-tensorflow.ts', '--tensorflow', '2.21.0', '--if-missing']);
  return true;
};

const steps = [
  ...(required
    ? [
        ['Runtimes of the end-to-end tests', prepare],
        ['Native TensorFlow', tensorflow],
      ]
    : []),
  ['Build', build],
  ['Types', () => runScript('check:types')],
  ['Lint', () => runScript('check:lint')],
  ['Arrows between folders', () => runScript('check:arrows')],
  ['Format', () => runScript('check:format')],
  ['Unit tests', () => runScript('test:unit', report)],
];

const secondsSince = (from) => ((performance.now() - from) / 1000).toFixed(1);

await main(async () => {
  await install();
  const failed = [];
  const started = performance.now();
  for (const [name, step] of steps) {
    say(`\n── ${name} ──`);
    const from = performance.now();
    const passed = await step();
    if (!passed) failed.push(name);
    say(`${name}: ${passed ? 'passed' : 'FAILED'} in ${secondsSince(from)} s`);
  }
  say(`\nAll steps took ${secondsSince(started)} s.`);
  say(failed.length === 0 ? 'Everything passed.' : `Failed: ${failed.join(', ')}.`);
  return failed.length === 0 ? 0 : 1;
});
