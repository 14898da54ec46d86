import type { KnownModel } from '../../src-main/api/studio.ts';
import { formatNames, modelFormats } from '../../src-main/api/formats.ts';

/** How a model wants its pixels, by the preset's name, for a person. */
const presets: Readonly<Record<string, string>> = {
  imagenet: 'ImageNet: 0–1, then mean and deviation of ImageNet (PyTorch, timm, most others)',
  unit: '0 to 1 (Ultralytics, some of Keras)',
  tf: '−1 to 1 (TensorFlow’s Inception and MobileNet)',
  raw: '0 to 255 (models that normalise inside)',
  caffe: 'Caffe: BGR, 0–255 minus the mean (VGG, ResNet of Keras)',
};

export const presetName = (preset: string): string => presets[preset] ?? preset;

/** What a model takes, in words. */
export function inputWords({
  width,
  height,
  channels,
  features,
}: Pick<KnownModel, 'width' | 'height' | 'channels' | 'features'>): string {
  if (features !== undefined) return `rows of ${features} features`;
  return `${width} × ${height} pixels${channels === 1 ? ', grey' : ''}`;
}

/** Where the preprocessing of a model comes from, in words. */
export function preprocessingWords(from: string): string {
  const [preset, assumed] = from.split(' (assumed');
  if (assumed !== undefined) return `not said by the file; ${preset} is assumed`;
  if (from === 'sidecar') return 'said by the description beside the file';
  if (from === 'metadata') return 'said by the file itself';
  return from === 'file' ? 'said by a file of yours' : presetName(from);
}

/** `ONNX, TensorFlow SavedModel, …`. */
export const formatWords = modelFormats.map(({ name }) => name).join(', ');

/** What a format is called, by the word that results carry. */
export const formatName = (format: string): string => formatNames[format] ?? format.toUpperCase();

/** Where a file lies; what was sent to the workspace lies there under a number that tells nobody anything. */
export function placeOf(path: string): string {
  const sent = /[\\/](?:uploads|models)[\\/][0-9a-f]{32,64}[\\/](.+)$/.exec(path);
  return sent ? `${sent[1]}, sent to the workspace` : path;
}

/** As the list of jobs writes it. */
export const when = (date: string): string =>
  new Date(date).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** Whether labels are what we call classes that nobody named. */
export const areUnnamed = (labels: readonly string[]): boolean =>
  labels.every((label, index) => label === `class ${index}`);
