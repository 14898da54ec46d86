/**
 * The arrows between folders. Data flows one way:
 * graph → engine → (classifier, photograph) → prototype, similarity → store → audit → report → studio → host.
 */
const layers = [
  ['graph', []],
  ['engine', ['graph']],
  ['classifier', ['graph', 'engine']],
  ['photograph', ['classifier']],
  ['prototype', ['graph', 'engine', 'classifier', 'photograph']],
  ['similarity', ['graph', 'engine', 'classifier', 'photograph']],
  ['store', ['graph', 'engine', 'classifier', 'photograph', 'prototype', 'similarity']],
  ['api', []],
  [
    'audit',
    ['graph', 'engine', 'classifier', 'photograph', 'prototype', 'similarity', 'store', 'api'],
  ],
  [
    'report',
    [
      'graph',
      'engine',
      'classifier',
      'photograph',
      'prototype',
      'similarity',
      'store',
      'api',
      'audit',
    ],
  ],
  [
    'studio',
    [
      'graph',
      'engine',
      'classifier',
      'photograph',
      'prototype',
      'similarity',
      'store',
      'api',
      'audit',
      'report',
    ],
  ],
];

/** Everything random comes from one generator, which similarity draws its noise and its resamples from too. */
const generator = '^src-main/prototype/philox\\.ts$';

/** Tests may reach wherever they need to. */
const exempt = '\\.test\\.ts$|/golden/|/support/';

const arrow = ([folder, reachable]) => ({
  name: `${folder}-arrow`,
  comment: `${folder} may import only from ${[folder, ...reachable].join(', ')}.`,
  severity: 'error',
  from: { path: `^src-main/${folder}/`, pathNot: exempt },
  to: {
    path: '^(src-main|src-renderer)/',
    pathNot: `^src-main/(${[folder, ...reachable].join('|')})/|^src-main/resources\\.ts$${
      folder === 'similarity' ? `|${generator}` : ''
    }`,
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
      to: { path: '\\.test\\.ts$|^test/' },
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
