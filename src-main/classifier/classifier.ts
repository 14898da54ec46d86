import type { Graph } from '../graph/ir.ts';
import type { ModelFormat } from '../graph/read.ts';
import type { Feature } from './features.ts';

/** How pixels become what the network takes: x = (rgb in `range` − mean) / std, channel by channel. */
export interface Preprocessing {
  /** Pixel values span 0 … `range` (1 or 255) before the mean is subtracted. */
  readonly range: number;
  /** One entry per channel, in the order R, G, B whatever order the network wants. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Order in which the network wants its channels; `columns` of a table, each in 0 … 1 between its bounds. */
  readonly order: 'RGB' | 'BGR' | 'grey' | 'columns';
  /** Shorter side that photographs are resized to before the centre crop, in pixels. */
  readonly resize: number;
}

interface AnyInput {
  /** Name of the only input of `Classifier.graph`. */
  readonly name: string;
  /** Number of images that one run must hold, or `free`. */
  readonly batch: number | 'free';
}

export interface ImageInput extends AnyInput {
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
  /** What the file wants; `Classifier.graph` is planar (NCHW) in any case. */
  readonly layout: 'NCHW' | 'NHWC';
}

/** A row of a table is an image of one pixel, with a channel for each column. */
export interface RowInput extends AnyInput {
  readonly channels: number;
  /** 1, as is the width. */
  readonly height: number;
  readonly width: number;
  readonly layout: 'table';
}

export type ClassifierInput = ImageInput | RowInput;

export interface ModelFile {
  /** Path relative to the model's folder. */
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** A classifier file, read and understood: everything that generation and analysis need to know of it. */
export interface Classifier {
  readonly name: string;
  readonly format: ModelFormat;
  /** Of a SavedModel: which of its networks it is. */
  readonly signature?: string;
  /** The model file first, then external data, sidecar and labels. */
  readonly files: readonly ModelFile[];
  /**
   * The network, made uniform: its only output is the logits [N, classes], and its only input is float32 planar
   * RGB (or grey) [N, channels, height, width] after preprocessing, whatever layout and order the file wants. Columns
   * of a table are channels of one pixel.
   */
  readonly graph: Graph;
  /** Name of the logits value in `graph`. */
  readonly logits: string;
  /** The operator that was cut off behind the logits (`Softmax`, `Sigmoid`, `LogSoftmax`), if any. */
  readonly cut?: string;
  readonly input: ClassifierInput;
  /** Of a tabular classifier, in the order of its columns; absent for one that takes images. */
  readonly features?: readonly Feature[];
  readonly preprocessing: Preprocessing;
  /** A preset's name, `sidecar`, `file`, `metadata`, or a preset's name with `(assumed)` where nothing is said. */
  readonly preprocessingFrom: string;
  /** One per class, in output order; `class 17` where the model comes without labels. */
  readonly labels: readonly string[];
  /** What a person should know of how the file was read, one sentence each. */
  readonly notes: readonly string[];
}
