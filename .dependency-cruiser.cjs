/**
 * The arrows between folders. Data flows one way:
 * random, graph → engine → classifier, photograph → prototype, similarity → store → audit → report → studio → host.
 */
const method = ['random', 'graph', 'engine', 'classifier', 'photograph'];
const kept = [...method, 'prototype', 'similarity', 'store'];
const layers = [
  ['random', []],
  ['graph', []],
  ['engine', ['graph']],
  ['classifier', ['graph', 'engine']],
  ['photograph', ['classifier']],
  ['prototype', method],
  ['similarity', method],
  ['store', kept],
  ['api', []],
  ['audit', [...kept, 'api']],
  ['report', [...kept, 'api', 'audit']],
  ['studio', [...kept, 'api', 'audit', 'report']],
];

/** Tests may reach wherever they need to. */
const exempt = '\\.test\\.ts$|\\.fixture\\.ts$|/golden/|/support/';

const arrow = ([folder, reachable]) => ({
  name: `${folder}-arrow`,
  comment: `${folder} may import only from ${[folder, ...reachable].join(', ')}.`,
  severity: 'error',
  from: { path: `^src-main/${folder}/`, pathNot: exempt },
  to: {
    path: '^(src-main|src-renderer)/',
    pathNot: `^src-main/(${[folder, ...reachable].join('|')})/|^src-main/resources\\.ts$`,
  },
});

module.exports = {
  forbidden: [
    ...layers.map(arrow),
    {
      name: 'no-cycles',
      severity: 'error',
      from: { pathNot: exempt },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'known-folders-only',
      comment: 'A new folder needs its place in the chain: add it to the layers above.',
      severity: 'error',
      from: { pathNot: exempt },
      to: {
        path: '^src-main/[^/]+/',
        pathNot: `^src-main/(${[...layers.map(([folder]) => folder), 'host'].join('|')})/`,
      },
    },
    {
      name: 'sqlite-in-store-only',
      severity: 'error',
      from: { pathNot: `^src-main/store/|${exempt}` },
      to: { path: 'node_modules/(@types/)?better-sqlite3|^better-sqlite3' },
    },
    {
      name: 'electron-in-desktop-only',
      severity: 'error',
      from: { pathNot: `^src-main/host/desktop/|${exempt}` },
      to: { path: 'node_modules/electron/|^electron$' },
    },
    {
      name: 'renderer-knows-the-api-only',
      severity: 'error',
      from: { path: '^src-renderer/', pathNot: exempt },
      to: { path: '^src-main/', pathNot: '^src-main/api/' },
    },
    {
      name: 'renderer-has-no-node',
      severity: 'error',
      from: { path: '^src-renderer/', pathNot: exempt },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'nothing-imports-a-test',
      severity: 'error',
      from: { pathNot: exempt },
      to: { path: '\\.(test|fixture)\\.ts$|^test/' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    exclude: { path: '^out/|^src-main/prototype/kernels/assembly/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types', 'svelte'],
    },
  },
};
