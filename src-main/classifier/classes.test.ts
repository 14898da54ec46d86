import { describe, expect, test } from 'vitest';
import { readClasses, resolveClasses } from './classes.ts';
import { ClassifierError } from './errors.ts';

const labels = [
  'tench',
  'academic gown',
  'Crane (bird)',
  'crane (machine)',
  'maillot, tank suit',
  'tank',
  'soccer ball',
  'Soccer Ball',
];
const resolve = (text: string): number[] => resolveClasses({ labels }, text);

describe('classes are named', () => {
  test.each<[string, number[]]>([
    ['3', [3]],
    ['1-3', [1, 2, 3]],
    ['academic gown,3, 5 - 6', [1, 3, 5, 6]],
    ['ACADEMIC_GOWN', [1]],
    ['academic', [1]],
    ['maillot, tank suit', [4]],
    ['tench,maillot, tank suit,0', [0, 4]],
    ['tank suit', [4]],
    ['tank', [5]],
    ['crane (b', [2]],
    ['2,2,1-2', [2, 1]],
    ['tench\nmaillot, tank suit\r\n\n5,6\n', [0, 4, 5, 6]],
    ['all', [0, 1, 2, 3, 4, 5, 6, 7]],
  ])('by %s', (text, classes) => {
    expect(resolve(text)).toEqual(classes);
  });

  test('by "all" also where a name starts so, unless a class is called that', () => {
    expect(resolveClasses({ labels: ['tench', 'alligator lizard'] }, 'all')).toEqual([0, 1]);
    expect(resolveClasses({ labels: ['none', 'All'] }, 'all')).toEqual([1]);
  });
});

describe('a class that cannot be meant is refused in one sentence', () => {
  test('with the three nearest names', () => {
    expect(() => resolve('tensh')).toThrow(
      new ClassifierError(
        'There is no class called tensh; the nearest are tench (0), tank (5), soccer ball (6).',
      ),
    );
  });

  test('each of them, where all are asked for', () => {
    const { classes, problems } = readClasses({ labels }, 'tensh\n0, 99\nacademic, xyz');
    expect(classes).toEqual([0, 1]);
    expect(problems.map(({ message }) => message.slice(0, 31))).toEqual([
      'There is no class called tensh;',
      'There is no class 99; the class',
      'There is no class called xyz; t',
    ]);
  });

  test('when several names start like it', () => {
    expect(() => resolve('crane')).toThrow(
      'crane may be any of Crane (bird) (2), crane (machine) (3); give the index or the whole name.',
    );
  });

  test('when two classes have the very same name', () => {
    expect(() => resolve('soccer ball')).toThrow('soccer ball (6), Soccer Ball (7)');
  });

  test('when its index is too large', () => {
    expect(() => resolve('2-8')).toThrow(
      'There is no class 8; the classifier has 8 classes, 0 to 7.',
    );
  });

  test('when a range runs backwards', () => {
    expect(() => resolve('3-1')).toThrow('The range 3-1 runs backwards.');
  });

  test('when nothing is named', () => {
    expect(() => resolve(' , ')).toThrow('No class is named; give an index or a name.');
  });
});
