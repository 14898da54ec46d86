import type { Medium } from './medium.ts';

/** What every figure means: shown beside the figure, all together in help, and in reports. Sources are in method.md. */
export interface Definition {
  readonly title: string;
  readonly text: string;
  readonly formula?: string;
}

export const glossary = {
  prototype: {
    title: 'Prototype',
    text: 'An input that was optimised until the network answers it with a class’s logit as high as possible. It needs no data, and shows what the network looks for, not what the class looks like.',
    formula: 'P = argmax z_c(x)',
  },
  logit: {
    title: 'Logit',
    text: 'The network’s answer for a class before softmax. Its height depends on the network: compare it within a model, not between models.',
    formula: 'z_c',
  },
  probability: {
    title: 'Probability',
    text: 'The softmax of the logits. A high probability says that the class stands out from the others, not that the image is natural.',
    formula: 'exp z_c / Σ_k exp z_k',
  },
  spearmanPercent: {
    title: 'Spearman, % of layers',
    text: 'Share of the layers in which the image’s activations rank like the class’s mean activations at least as well as natural images do. It rewards low contrast: a plain grey image reaches a third of the layers of ResNet-18, so read it beside the controls only.',
    formula: 'ρ(a_P, ā) ≥ mean_i ρ(a_i, ā)',
  },
  l1Percent: {
    title: 'L1, % of layers',
    text: 'Share of the layers in which the image’s activations are at most as far from the class’s mean activations as natural images are. A plain grey image reaches two thirds of the layers of ResNet-18, so read it beside the controls only.',
    formula: 'mean |a_P − ā| ≤ mean_i mean |a_i − ā|',
  },
  normalised: {
    title: 'Normalised similarity',
    text: '1 is as similar to the class’s natural images as they are to each other; 0 is no more similar than images of other classes are; below 0 is stranger than a stranger. Undefined where natural images of the class are hardly more alike than those of different classes.',
    formula: '(T_P − T_diff) / (T_same − T_diff)',
  },
  normalisedPooled: {
    title: 'Pooled similarity',
    text: 'Normalised similarity of the mean activation of each channel. It does not depend on where things are, which random rotation scrambles, and tells a class’s prototype from grey, noise and other classes better than any other figure here.',
    formula: '(T_P − T_diff) / (T_same − T_diff), channel means',
  },
  thirds: {
    title: 'First, middle and last third',
    text: 'Normalised similarity over the first, middle and last third of the layers. Plain logit maximisation looks natural in the last third alone, and betrays itself in the first.',
  },
  interval: {
    title: '95 % interval',
    text: 'Bootstrap over the natural images: had other photographs or rows been taken, the figure would likely lie in here.',
  },
  naturalImages: {
    title: 'Natural images or rows, n',
    text: 'Photographs, or rows of a table, that the model itself classifies as the class, unless the audit says “labelled”. With fewer than 10 there is no percentage: the evidence is insufficient.',
  },
  naturalBand: {
    title: 'Natural band',
    text: 'How natural images of the class compare with the mean of the class: the line is their mean, the band reaches from the 5 % to the 95 % quantile.',
  },
  controls: {
    title: 'Controls',
    text: 'The same figures for images that ought to fail: a grey image, uniform noise, another class’s prototype and plain maximisation; of a table the middle and the mean row, a row at random and permuted rows. A figure means something only as far as it stands above them.',
  },
  seenAs: {
    title: 'Seen as another class',
    text: 'The model’s highest logit for the finished image belongs to another class than the one it was made for.',
  },
  highFrequency: {
    title: 'High-frequency loss',
    text: 'Sum of the squared differences between neighbouring pixels. It keeps the optimisation away from adversarial noise.',
    formula: 'L_hf = Σ (Δx)² + Σ (Δy)²',
  },
  variance: {
    title: 'Probability variance',
    text: 'Variance of the class probabilities. The baseline minimises it, so that no class gets a head start.',
    formula: 'L_pv = Var_k softmax(z)_k',
  },
  entanglement: {
    title: 'Entanglement',
    text: 'How much the prototype of one class looks like another class to the same model: the other class’s probability, and the cosine of the features before the last layer.',
  },
  stability: {
    title: 'Stability over seeds',
    text: 'How alike the model sees the prototypes of one class that differ in their random start alone: the correlation of their logits over all other classes, the mean over the others. 1 is the same answer, 0 is as two unrelated images. It is known where a class has several prototypes of the same model and profile, and says nothing of what a person sees in them.',
    formula: 'mean_j r(z_P, z_j), without class c',
  },
  transfer: {
    title: 'Transfer',
    text: 'Share of the classes whose prototype, made with one model, another model classifies as the same class.',
  },
  fourier: {
    title: 'Profile fourier',
    text: 'Optimises Fourier coefficients with a weak penalty. The most recognisable pictures, far from the natural path.',
  },
  paper: {
    title: 'Profile paper',
    text: 'Optimises pixels with the penalty of the paper. Closer to the natural path, with less for the eye.',
  },
  plain: {
    title: 'Profile plain',
    text: 'Maximises the logit without transforms and penalty. A control: it is what the method is meant to improve on.',
  },
  baseline: {
    title: 'Baseline',
    text: 'The image after the first stage: one for which the network finds every class about equally likely. The prototype starts from there.',
  },
  parameterisation: {
    title: 'Parameterisation',
    text: 'What is optimised, and how an image is made of it: the pixels themselves, or Fourier coefficients with independent colours.',
  },
  affine: {
    title: 'Random affine map',
    text: 'In every step of the second stage the network sees the image magnified, turned and shifted at random. It keeps the optimisation away from adversarial noise; turned far enough, a six is a nine.',
  },
  pathSimilarity: {
    title: 'Path similarity',
    text: 'Whether the layers of the network do the same with a prototype as with natural images of its class. It is measured afterwards and never steers the optimisation.',
  },
  layers: {
    title: 'Layers',
    text: 'The steps of the network that are compared, named as its makers named them. Two exports of one network can have different numbers of them, so their percentages do not compare.',
  },
  exemplar: {
    title: 'Exemplar',
    text: 'A natural image of the class, shown as the model sees it. People predict what a network reacts to better from such images than from synthetic ones.',
  },
  seed: {
    title: 'Seed',
    text: 'The number that everything random starts from. The same seed gives the same prototype; another seed may show another side of the class.',
  },
  finding: {
    title: 'Finding',
    text: 'What a reviewer writes down: a flag, a severity from 0 (no problem) to 5 (severe) and a note. It is a hypothesis about the model until it is tested on photographs or rows.',
  },
} as const satisfies Record<string, Definition>;

export type Term = keyof typeof glossary;

export const isTerm = (word: string): word is Term => Object.hasOwn(glossary, word);

/** What the method cannot show; help and reports say so. */
export const limits: readonly string[] = [
  'A prototype is a hypothesis, not evidence of harm. It says what raises a number inside a model. Whether the model treats people worse is a question for labelled photographs of those people, with enough of them in each group.',
  '“% of layers” mostly rewards low contrast: an even grey image reaches two thirds of the layers of ResNet-18. A share never stands without its controls.',
  'Recognisable and natural pull in opposite directions: pictures that people recognise best (fourier) lie furthest from the natural path, and what lies closest (paper) looks like little. Look at both profiles, and know which is which.',
  'Similarity is not the absence of a shortcut: a model that has learned one reacts to photographs by it too.',
  'A prototype is one image that the network likes, not all of them: other seeds give others. Mistrust what appears only once.',
  'Absence proves nothing: a model may rely on something that no prototype shows.',
  'A network can be trained to show auditors innocent pictures. High logits with low path similarity are a warning, and their absence is no proof.',
  'A wide affine map hurts classes that depend on the way up: turned by up to 180°, a 6 is a 9.',
  'Photographs explain better than made pictures: look at the photographs of a class beside its prototype.',
  'The result depends on choices: preprocessing that does not fit the model gives prototypes of a model that nobody uses, and photographs unlike the model’s real inputs give a yardstick that does not fit.',
];

/** The same of models that take rows of a table. */
const limitsOfRows: readonly string[] = [
  'A prototype is a hypothesis, not evidence of harm. It says what raises a number inside a model. Whether the model treats people worse is a question for labelled rows of those people, with enough of them in each group.',
  'A prototype is the row that a model likes best, not a row that there is: features that go together in people need not go together in it.',
  'A prototype never leaves the bounds that were given for its features: other bounds give other prototypes, and without a pull they end in a corner of them.',
  '“% of layers” mostly rewards the middle of everything. A share never stands without its controls: the middle and the mean row, a row at random, permuted rows.',
  'Similarity is not the absence of a shortcut: a model that has learned one reacts to natural rows by it too.',
  'A prototype is one row that the network likes, not all of them: other seeds give others. Mistrust what appears only once.',
  'Absence proves nothing: a model may rely on something that no prototype shows.',
];

/** What the method cannot show of models of a medium. */
export const limitsOf = (medium: Medium): readonly string[] =>
  ({ images: limits, rows: limitsOfRows, both: [...limits, ...limitsOfRows.slice(1, 4)] })[medium];
