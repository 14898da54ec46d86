import type { Medium } from '../../src-main/api/medium.ts';
import type { Option } from '../../src-main/api/method.ts';

/** Parameters of the method as a reviewer meets them: groups with a heading, and names in plain words. */

interface Group {
  readonly name: string;
  readonly about: string;
  readonly options: readonly Option[];
}

const groups: readonly (readonly [name: string, about: string, options: readonly string[]])[] = [
  [
    'Length of the optimisation',
    'How long each prototype is worked on, and how often its making is recorded.',
    ['steps', 'snapshotEvery'],
  ],
  [
    'Random movement',
    'Before every step the image is turned, scaled and shifted at random, so that no trick of single pixels survives.',
    ['affine.enabled', 'affine.rotation', 'affine.scale', 'affine.translation'],
  ],
  [
    'Smoothness',
    'A penalty on differences between neighbouring pixels keeps noise that only a network sees out of the image.',
    ['penalty.kind', 'penalty.weight'],
  ],
  [
    'Neutral start',
    'A first stage makes an image in which no class has a head start.',
    ['baseline.enabled', 'baseline.maxSteps', 'baseline.stopRatio'],
  ],
  [
    'Image and optimiser',
    'What is optimised, and how far each step goes.',
    ['parameterisation', 'initStd', 'learningRate', 'betas', 'epsilon'],
  ],
];

const titles: Readonly<Record<string, string>> = {
  steps: 'Steps',
  snapshotEvery: 'Steps between snapshots',
  'affine.enabled': 'Move at random',
  'affine.rotation': 'Rotation, either way',
  'affine.scale': 'Scale, from and to',
  'affine.translation': 'Shift, either way',
  'penalty.kind': 'How differences are added up',
  'penalty.weight': 'Weight of the penalty',
  'baseline.enabled': 'Begin neutral',
  'baseline.maxSteps': 'Most steps of the first stage',
  'baseline.stopRatio': 'Neutral enough at',
  parameterisation: 'What is optimised',
  initStd: 'Spread of the random start',
  learningRate: 'Learning rate',
  betas: 'Adam’s decay, first and second',
  epsilon: 'Adam’s ε',
};

export const titleOf = (name: string): string => titles[name] ?? name;

/** The options in their groups; those that no group knows come last, so that none is hidden. */
export function grouped(options: readonly Option[], medium: Medium = 'images'): Group[] {
  const named = medium === 'rows' ? groups.map(ofRows) : groups;
  return groupedBy(named, options).filter(({ options: own }) => own.length > 0);
}

/** What groups are called where rows are made. */
const rowGroups: Readonly<Record<string, readonly [name: string, about: string]>> = {
  Smoothness: [
    'Pull towards the neutral start',
    'A penalty on leaving the neutral row keeps features where they are that hardly matter; without it a prototype ends in a corner of the bounds.',
  ],
  'Neutral start': [
    'Neutral start',
    'A first stage makes a row in which no class has a head start.',
  ],
  'Image and optimiser': ['Row and optimiser', 'Where a row starts, and how far each step goes.'],
};

const ofRows = ([name, about, options]: (typeof groups)[number]): (typeof groups)[number] => [
  ...(rowGroups[name] ?? [name, about]),
  options,
];

function groupedBy(named: typeof groups, options: readonly Option[]): Group[] {
  const known = new Set(named.flatMap(([, , names]) => names));
  const found = named.map(([name, about, names]) => ({
    ...{ name, about },
    options: names.flatMap((each) => options.find((option) => option.name === each) ?? []),
  }));
  const rest = options.filter(({ name }) => !known.has(name));
  if (rest.length > 0) found.push({ name: 'More', about: '', options: rest });
  return found;
}

/** What values fit, in a few words. */
export function limitsOf({ least, most, unit }: Option): string {
  const limits =
    least === undefined || most === undefined
      ? ''
      : `${least.toLocaleString('en')} to ${most.toLocaleString('en')}`;
  return [limits, unit].filter(Boolean).join(' ');
}
