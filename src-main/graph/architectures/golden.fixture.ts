import { readFileSync, readdirSync } from 'node:fs';
import { uniform } from '../../../test/support/random.ts';

/** What PyTorch says about a network whose weights are numbers from a seed (golden/make.py, golden/make_timm.py). */
export interface GoldenNetwork {
  /** Height and width of the images, of which there are two. */
  readonly size: number;
  readonly tensors: readonly (readonly [
    name: string,
    dims: readonly number[],
    low: number,
    high: number,
  ])[];
  /** Logits [2, 7]. */
  readonly logits: readonly number[];
  /** Of logits[0, 1] + logits[1, 4] with respect to the image: its norm, and its values at some places. */
  readonly gradientNorm: number;
  readonly at: readonly number[];
  readonly gradient: readonly number[];
  /** Modules in the order in which they end. */
  readonly modules: readonly string[];
}

const FOLDER = new URL('./golden/', import.meta.url);

const namesIn = (folder: string): string[] =>
  readdirSync(new URL(folder, FOLDER))
    .filter((file) => file.endsWith('.json'))
    .map((file) => folder + file.slice(0, -'.json'.length));

/** Networks of torchvision. */
export const goldenNames = namesIn('');
/** The same as timm names their tensors. */
export const goldenNamesOfTimm = namesIn('timm/');

export function golden(name: string): GoldenNetwork {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as GoldenNetwork;
}

/** The network's weights in a safetensors file, as the format's page describes it. */
export function safetensorsOf({ tensors }: Pick<GoldenNetwork, 'tensors'>): Uint8Array {
  const data = tensors.map(
    ([, dims, low, high], i) => uniform(dims, low, high, i + 1).data as Float32Array,
  );
  let at = 0;
  const entries = tensors.map(([name, dims], i) => {
    const begin = at;
    at += data[i].byteLength;
    return [name, { dtype: 'F32', shape: dims, data_offsets: [begin, at] }] as const;
  });
  return pack(Object.fromEntries(entries), data);
}

/** Header and data as one file. */
export function pack(header: object, data: readonly Float32Array[]): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(new BigUint64Array([BigInt(json.length)]).buffer);
  return Buffer.concat([
    length,
    json,
    ...data.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength)),
  ]);
}
