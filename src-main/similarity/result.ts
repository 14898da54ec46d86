/**
 * Results as plain data. Two variants of every figure stand side by side: `full` compares all activations of a layer,
 * `pooled` the mean per channel. Figures that are undefined are `null`.
 */
export interface Variants<T> {
  readonly full: T;
  readonly pooled: T;
}

/** A figure over the natural images of a class: its mean, and quantiles of the single images to draw a band from. */
export interface Band {
  readonly mean: number;
  /** 5 %, 25 %, 50 %, 75 % and 95 % quantiles, linearly interpolated. */
  readonly quantiles: readonly [number, number, number, number, number];
}

/** How natural images of a class compare with their own class in one layer. */
export interface NaturalLayer {
  /** S_N: ρ(a_i, ā), each in [−1, 1]. */
  readonly spearman: Band;
  /** D_N: mean |a_i − ā| ≥ 0, in units of the layer's activations. */
  readonly l1: Band;
  /** ρ(a_i, mean of the others), in [−1, 1]. */
  readonly leaveOneOutSpearman: Band;
  /** mean |a_i − mean of the others|; exactly n / (n − 1) times `l1`. */
  readonly leaveOneOutL1: Band;
  /** T_same: mean ρ between two images of the class. */
  readonly same: number;
  /** T_diff: mean ρ between an image of the class and one of another class; `null` without other classes. */
  readonly different: number | null;
  /** Images whose activations here are all equal; their ρ is undefined and counts as 0. */
  readonly constant: number;
}

/** How a subject compares with the natural images of its class in one layer. */
export interface SubjectLayer {
  /** S_P = ρ(a_P, ā) in [−1, 1]; 0 where either is constant. */
  readonly spearman: number;
  /** D_P = mean |a_P − ā| ≥ 0. */
  readonly l1: number;
  /** T_P: mean ρ with each natural image. */
  readonly pairwise: number;
  /** (T_P − T_diff) / (T_same − T_diff): 1 its own class, 0 a stranger; `null` where T_same − T_diff ≤ 0.02. */
  readonly normalised: number | null;
}

/** Share of layers that the subject wins against the natural images. */
export interface Share {
  /** In [0, 100]. */
  readonly percent: number;
  /** 95 % bootstrap interval (percentiles): natural images are drawn again with replacement, class by class. */
  readonly interval: Interval;
}

/** 95 % bootstrap interval: the 2.5 % and 97.5 % quantiles over redraws. */
export type Interval = readonly [number, number];

/** The normalised score, averaged over layers in which it is defined. 1 = its own class, 0 = a stranger; no bounds. */
export interface Normalised {
  readonly all: number | null;
  /** Thirds of the layers, in the order in which they are computed. */
  readonly first: number | null;
  readonly middle: number | null;
  readonly last: number | null;
  /** Layers in which it is undefined. */
  readonly undefinedLayers: number;
  /**
   * Of `all`, in its units. The natural images of every class are drawn again with replacement, class by class, and with
   * them T_same (over pairs of different originals), T_diff, T_P, and the layers in which the score is defined. The
   * subjects and the choice of classes stay. Of very many images a sample is redrawn, whose interval is wider.
   *
   * `null` in the variant `full`, always: redrawing pairs needs the rank vectors of all activations at once, or a
   * further pass over all images. `null` in `pooled` where the score is, or is so in more than 1 of 20 redraws.
   */
  readonly interval: Interval | null;
  /** The same of the thirds. */
  readonly thirds: Readonly<Record<'first' | 'middle' | 'last', Interval | null>>;
}

export interface Scores {
  /** S_P ≥ S_N. */
  readonly spearman: Share;
  /** D_P ≤ D_N. */
  readonly l1: Share;
  /** The same against natural images that are compared with the mean of the others. */
  readonly leaveOneOutSpearman: Share;
  readonly leaveOneOutL1: Share;
  readonly normalised: Normalised;
}

/** `insufficient`: fewer than 10 natural images, so that no percentage is given. */
export type Evidence = 'sufficient' | 'insufficient';

export type SubjectKind = 'prototype' | 'noise' | 'grey' | 'other-class' | 'plain';

export interface SubjectSimilarity {
  readonly series: string;
  readonly kind: SubjectKind;
  /** Logit of the class that it is scored against. */
  readonly logit: number;
  /** The class that the model sees in it. */
  readonly predicted: number;
  /** In the order of `SimilarityResult.layers`. */
  readonly layers: readonly Variants<SubjectLayer>[];
  /** `null` where evidence is insufficient. */
  readonly scores: Variants<Scores> | null;
}

export interface ClassSimilarity {
  readonly index: number;
  readonly label: string;
  /** Natural images that were looked at, and how many of them count: those that the model classifies as the class. */
  readonly given: number;
  readonly n: number;
  readonly evidence: Evidence;
  /** Names of the n images, with the model's logit of the class. */
  readonly images: readonly { readonly name: string; readonly logit: number }[];
  /** In the order of `SimilarityResult.layers`; empty for fewer than two images. */
  readonly layers: readonly Variants<NaturalLayer>[];
  readonly subjects: readonly SubjectSimilarity[];
}

/** A series of subjects, one or more a class, over all classes with sufficient evidence. */
export interface SeriesTotals {
  readonly series: string;
  readonly kind: SubjectKind;
  readonly classes: number;
  /** Natural images of these classes. */
  readonly n: number;
  /** The four quantities averaged over classes first, then each layer counted once. `null` without such a class. */
  readonly scores: Variants<Scores> | null;
}

export interface SimilarityResult {
  /** In the order in which they are computed. Several layers may be the same value, such as a container and its last module; each counts. */
  readonly layers: readonly {
    readonly name: string;
    readonly value: string;
    readonly activations: number;
  }[];
  /** Layers that could not be compared, and why. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
  readonly classes: readonly ClassSimilarity[];
  readonly totals: readonly SeriesTotals[];
  /** Photographs that could not be read. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  /** Which natural images count. */
  readonly filter: 'predicted' | 'labelled';
  readonly seed: number;
  readonly resamples: number;
}
