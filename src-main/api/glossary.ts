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
    text: 'Bootstrap over the natural images: had other photographs been taken, the figure would likely lie in here.',
  },
  naturalImages: {
    title: 'Natural images, n',
    text: 'Photographs that the model itself classifies as the class, unless the audit says “labelled”. With fewer than 10 there is no percentage: the evidence is insufficient.',
  },
  naturalBand: {
    title: 'Natural band',
    text: 'How natural images of the class compare with the mean of the class: the line is their mean, the band reaches from the 5 % to the 95 % quantile.',
  },
  controls: {
    title: 'Controls',
    text: 'The same figures for images that ought to fail: a grey image, uniform noise, another class’s prototype and plain maximisation. A figure means something only as far as it stands above them.',
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
} as const satisfies Record<string, Definition>;

export type Term = keyof typeof glossary;

export const isTerm = (word: string): word is Term => Object.hasOwn(glossary, word);

/** What the method cannot show; help and reports say so. */
export const limits: readonly string[] = [
  '“% of layers” mostly rewards low contrast: it never stands without its controls.',
  'Recognisable and natural pull in opposite directions: look at both profiles, and know which is which.',
  'A prototype is one image that the network likes, not all of them: other seeds give others.',
  'A network can be trained to show auditors innocent pictures. High logits with low path similarity are a warning.',
  'What a prototype suggests is a hypothesis. Test it on photographs.',
];
