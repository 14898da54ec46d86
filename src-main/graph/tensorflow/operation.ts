import type { Attribute, Tensor } from '../ir.ts';
import type { Attributes, NodeDef } from './graph-def.ts';

/** A value in TensorFlow's own order of axes, or in the planar one (NCHW) where it is an image tensor (NHWC). */
export interface Conversion {
  readonly def: NodeDef;
  readonly attributes: Attributes;
  /** Number of inputs. */
  readonly count: number;
  /** Name of input `index` with its axes as TensorFlow has them. @throws Error when it is missing */
  readonly plain: (index: number) => string;
  /** Name of input `index` in NCHW; it must be of rank 4 and NHWC. */
  readonly planar: (index: number) => string;
  /** Whether input `index` is there in NCHW already, so that it costs nothing. */
  readonly isPlanar: (index: number) => boolean;
  /** Value of input `index` where it is constant. */
  readonly constant: (index: number) => Tensor | undefined;
  /** The same as plain numbers. @throws Error that calls the input `what` where it is not constant */
  readonly numbers: (index: number, what: string) => readonly number[];
  /** Number of dimensions of input `index`, where it is known. */
  readonly rank: (index: number) => number | undefined;
  /** Channels of a planar input, where they are known. */
  readonly channels: (index: number) => number | undefined;
  /** Adds a constant. @returns its name */
  readonly put: (value: Tensor, hint: string) => string;
  /** Adds a step that is not the last one of the operation. @returns the name of its one output */
  readonly step: (
    op: string,
    inputs: readonly string[],
    attributes?: Record<string, Attribute>,
  ) => string;
  /** The last step, which carries the operation's name. Its output is output `index` of the operation. */
  readonly plainResult: (result: Result) => void;
  /** The same for a step whose output is an image tensor in NCHW. */
  readonly planarResult: (result: Result & { readonly channels?: number }) => void;
  /** Lets output `index` be a value that exists already, in the form in which it exists. */
  readonly alias: (value: string, index?: number, rank?: number) => void;
  /** Leaves the operation in the graph as one that is not known: it is refused where it is needed. */
  readonly refuse: () => void;
  /** Which tensors are images that were taken apart into a batch of smaller ones. */
  readonly spaces: Map<string, BatchSpace>;
  /** Input `index` as 64-bit integers in plain order, as shapes, axes and sizes are given. */
  readonly integers: (index: number) => string;
}

/**
 * Older versions of TensorFlow write a dilated convolution as SpaceToBatchND, a convolution without dilation, and
 * BatchToSpaceND. The first two together are the dilated convolution of the padded image; the last one crops.
 */
export interface BatchSpace {
  /** The whole image in NCHW; absent behind the convolution. */
  readonly source?: string;
  readonly block: readonly number[];
  /** Top, left, bottom, right. */
  readonly pads: readonly number[];
}

export interface Result {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes?: Record<string, Attribute>;
  /** Number of dimensions of the output, where the operation tells. */
  readonly rank?: number | undefined;
  /** Number of outputs, 1 by default. */
  readonly outputs?: number;
}

/** Turns one TensorFlow operation into steps of our operators. @throws Error with a reason where it cannot */
export type Converter = (conversion: Conversion) => void;

export type Converters = Readonly<Record<string, Converter>>;

/** Axes of an image tensor from NHWC to NCHW, and back, as a transposition's permutation. */
export const TO_PLANAR = [0, 3, 1, 2];
export const TO_PLAIN = [0, 2, 3, 1];

/** Where an axis of NHWC lies in NCHW. */
export const planarAxis = (axis: number): number => [0, 2, 3, 1][axis < 0 ? axis + 4 : axis];

/** Which steps belong to the operation alone: a slash would make the node a module of its steps. */
export const partName = (node: string, hint: string): string => `${node}:${hint}`;
