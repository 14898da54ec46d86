import type { Term } from './glossary.ts';
import {
  frac,
  inBrackets,
  mean,
  n,
  named,
  o,
  row,
  size,
  square,
  sub,
  sumOver,
  v,
  words,
  type Piece,
} from './maths.ts';

/** An equation of the method, as docs/method.md has it, with plain words beside it. */
export interface Equation {
  readonly title: string;
  readonly equation: Piece;
  /** The same in words. */
  readonly text: string;
  /** Terms that the equation is about. */
  readonly terms: readonly Term[];
}

const at = (name: string, index: string): Piece => sub(v(name), v(index));
const over = (index: string): Piece => sumOver(v(index));
const share = (by: string): Piece => row(frac(n('1'), v(by)));
const rho = (left: Piece, right: Piece): Piece => row(v('ρ'), inBrackets(left, o(','), right));
const meanActivation = mean('a');

export const equations: readonly Equation[] = [
  {
    title: 'Stage 1, the baseline',
    equation: row(
      ...[named('L', 'pv'), o('='), share('K'), over('k')],
      ...[square(at('p', 'k'), o('−'), frac(n('1'), v('K'))), o(','), words('\u2003')],
      ...[at('p', 'k'), o('='), v('softmax'), sub(inBrackets(v('z')), v('k'))],
    ),
    text: 'The image is changed until all K classes are about equally likely: then the variance of their probabilities p is zero, and no class has a head start.',
    terms: ['baseline', 'variance', 'probability'],
  },
  {
    title: 'Stage 2, the prototype',
    equation: row(
      ...[v('L'), o('='), o('−'), at('z', 'c'), o('+'), named('w', 'hf'), named('L', 'hf')],
    ),
    text: 'The logit of the class c is made as high as possible, while differences between neighbouring pixels are kept small. The weight says how much the second counts.',
    terms: ['prototype', 'logit', 'highFrequency'],
  },
  {
    title: 'High-frequency loss',
    equation: row(
      ...[named('L', 'hf'), o('='), sumOver(v('i'), o(','), v('j'))],
      square(sub(v('x'), row(v('i'), o(','), v('j'), o('+'), n('1'))), o('−'), pixel('i', 'j')),
      o('+'),
      square(sub(v('x'), row(v('i'), o('+'), n('1'), o(','), v('j'))), o('−'), pixel('i', 'j')),
    ),
    text: 'Each pixel x is compared with the one on its right and the one below it, in every channel. Noise costs much, smooth areas cost nothing.',
    terms: ['highFrequency'],
  },
  {
    title: 'What the network sees in stage 2',
    equation: row(
      ...[v('x′'), inBrackets(v('u')), o('='), v('x'), inBrackets(inverse(), inBrackets(turned()))],
    ),
    text: 'Before each step the image x is magnified by s, turned by the angle θ and shifted by t, all drawn at random: 0.7 to 1.3 times, up to 180° either way and up to half its size, unless the audit narrows that. u is a place in the image, measured from its centre.',
    terms: ['affine'],
  },
  {
    title: 'Path similarity by rank (Spearman)',
    equation: row(
      ...[at('S', 'P'), o('='), rho(at('a', 'P'), meanActivation), o('≥'), at('S', 'N'), o('=')],
      ...[share('n'), over('i'), rho(at('a', 'i'), meanActivation)],
    ),
    text: 'In each layer, the prototype’s activations are ranked and compared with the mean activations of the n natural images. It wins the layer if they agree at least as well as the natural images themselves do on average.',
    terms: ['pathSimilarity', 'spearmanPercent', 'naturalImages'],
  },
  {
    title: 'Path similarity by distance (L1)',
    equation: row(
      ...[at('D', 'P'), o('='), v('mean'), size(at('a', 'P'), o('−'), meanActivation)],
      ...[o('≤'), at('D', 'N'), o('='), share('n'), over('i')],
      ...[v('mean'), size(at('a', 'i'), o('−'), meanActivation)],
    ),
    text: 'The same with the mean distance between activations: the prototype wins the layer if it is no farther from the class’s mean than natural images are on average.',
    terms: ['pathSimilarity', 'l1Percent'],
  },
  {
    title: 'Percent of layers',
    equation: row(
      ...[n('100'), o('·'), frac(words('layers that the prototype wins'), words('layers'))],
    ),
    text: 'The four quantities are averaged over the classes first, then each layer counts once. It mostly rewards low contrast, so it never stands without its controls: a grey image reaches two thirds of the layers of ResNet-18 by distance.',
    terms: ['spearmanPercent', 'l1Percent', 'controls', 'layers'],
  },
  {
    title: 'Normalised similarity',
    equation: frac(
      row(at('T', 'P'), o('−'), named('T', 'diff')),
      row(named('T', 'same'), o('−'), named('T', 'diff')),
    ),
    text: 'T is the mean rank correlation over pairs of images: of the prototype with natural images of the class, of two natural images of the class (same), and of natural images of different classes (diff). 1 is as similar as the class is to itself, 0 is no more than a stranger. It is undefined where same and diff differ by no more than 0.02.',
    terms: ['normalised', 'normalisedPooled', 'thirds'],
  },
];

function pixel(i: string, j: string): Piece {
  return sub(v('x'), row(v(i), o(','), v(j)));
}

/** The rotation undone. */
function inverse(): Piece {
  return row(frac(n('1'), v('s')), sub(v('R'), row(o('−'), v('θ'))));
}

function turned(): Piece {
  return row(v('u'), o('−'), v('t'));
}
