import { z } from 'zod';
import type { Preprocessing } from './classifier.ts';
import { ClassifierError } from './errors.ts';
import { readJson } from './text-file.ts';
import { inWords } from './wording.ts';

/**
 * How a file describes a network's input: x = (rgb in `range` − mean) / std. `mean` and `std` are in the order R, G, B
 * whatever order the network wants its channels in (`channels`), or one number for all. Everything may be left out.
 */
export const inputSchema = z.looseObject({
  name: z.string().optional(),
  /** Height and width, in pixels. */
  size: z.tuple([z.int().positive(), z.int().positive()]).optional(),
  channels: z.enum(['RGB', 'BGR', 'grey', 'gray']).optional(),
  range: z.tuple([z.number(), z.number()]).optional(),
  mean: z.array(z.number()).optional(),
  std: z.array(z.number().positive()).optional(),
  layout: z.enum(['NCHW', 'NHWC']).optional(),
  /** Shorter side that photographs are resized to before the centre crop, in pixels. */
  resize: z.int().positive().optional(),
});

export type InputDescription = z.infer<typeof inputSchema>;

/**
 * Preprocessing by name.
 * - `imagenet`: torchvision, 0–1, per-channel mean and deviation of ImageNet
 * - `caffe`: B, G, R in 0–255 minus the means [103.939, 116.779, 123.68] (Simonyan & Zisserman's VGG; Keras "caffe")
 * - `unit`: 0–1
 * - `raw`: 0–255
 * - `tf`: −1 to 1 (Inception and MobileNet as TensorFlow trains them; Keras "tf")
 */
export const PRESETS = {
  imagenet: { range: [0, 1], mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  caffe: { range: [0, 255], mean: [123.68, 116.779, 103.939], channels: 'BGR' },
  unit: { range: [0, 1] },
  raw: { range: [0, 255] },
  tf: { range: [-1, 1] },
} as const;

export type PresetName = keyof typeof PRESETS;

export const presetNames = Object.keys(PRESETS) as PresetName[];

/** Fits a description to a network. @param channels that the network takes; 1 averages what is given for three */
export function preprocessingOf(
  description: InputDescription,
  channels: 1 | 3,
  size: readonly [number, number],
): Preprocessing {
  const [low, high] = description.range ?? [0, 1];
  if (high <= low)
    throw new ClassifierError(`The range [${low}, ${high}] of the preprocessing is empty.`);
  const order = description.channels === 'BGR' ? 'BGR' : 'RGB';
  return {
    range: high - low,
    // Pixels start at 0 for us, so a range that starts elsewhere moves the mean.
    mean: perChannel(description.mean ?? [0], channels, 'mean').map((mean) => mean - low),
    std: perChannel(description.std ?? [1], channels, 'std'),
    order: channels === 1 ? 'grey' : order,
    resize: description.resize ?? resizeFor(Math.max(...size)),
  };
}

function perChannel(values: readonly number[], channels: 1 | 3, what: string): number[] {
  if (values.length === channels) return [...values];
  if (values.length === 1) return new Array<number>(channels).fill(values[0]);
  if (channels === 1 && values.length === 3) {
    return [values.reduce((sum, value) => sum + value, 0) / 3];
  }
  throw new ClassifierError(
    `The preprocessing gives ${values.length} values of ${what} for a network of ${channels} channels.`,
  );
}

/**
 * The side that photographs are shrunk to before cropping: 256 for the classic 224 to 239, as their authors did; the
 * same share (0.875) for others; small images, such as CIFAR's, are not cropped.
 */
function resizeFor(side: number): number {
  if (side <= 64) return side;
  return side >= 224 && side < 240 ? 256 : Math.round(side / 0.875);
}

/** Whether an option is meant as a preset's name: a path has a dot or a separator in it. */
export const isPresetName = (option: string): boolean => !/[./\\]/.test(option);

/** A preset's description, or that of a JSON file: the description itself, or a sidecar that has it as `input`. */
export function describeBy(option: string): { description: InputDescription; from: string } {
  if (Object.hasOwn(PRESETS, option)) {
    return { description: inputSchema.parse(PRESETS[option as PresetName]), from: option };
  }
  if (isPresetName(option)) {
    throw new ClassifierError(
      `There is no preprocessing called ${option}; use ${presetNames.join(', ')} or the path of a JSON file.`,
    );
  }
  const content = readJson(option, 'preprocessing file');
  const inner = z.looseObject({ input: z.unknown().optional() }).safeParse(content).data?.input;
  return { description: parsed(inputSchema, inner ?? content, option), from: 'file' };
}

/** Checks foreign JSON. @throws ClassifierError that names the first place that does not fit. */
export function parsed<T>(schema: z.ZodType<T>, content: unknown, path: string): T {
  const result = schema.safeParse(content, { error: inWords });
  if (result.success) return result.data;
  const [{ path: where, message }] = result.error.issues;
  const place = where.length > 0 ? `${where.join('.')}: ` : '';
  throw new ClassifierError(`${path} does not describe a classifier: ${place}${message}.`);
}
