import { existsSync, statSync } from 'node:fs';
import { basename, join, parse, resolve } from 'node:path';
import { z } from 'zod';
import { featuresSchema } from './features.ts';
import { inputSchema, parsed } from './preprocessing.ts';
import { readJson } from './text-file.ts';

/** What may stand beside a model, see `placesOf`. Whatever else the file says is left alone. */
const sidecarSchema = z.looseObject({
  name: z.string().min(1).optional(),
  input: inputSchema.optional(),
  /** Columns of a tabular classifier, or the file that lists them. */
  features: featuresSchema.optional(),
  output: z.looseObject({ name: z.string().optional() }).optional(),
  /** Of a SavedModel. */
  signature: z.string().min(1).optional(),
  /** Path of the labels, relative to the sidecar's folder and inside it. */
  labels: z.string().min(1).optional(),
  /** SHA-256 of the model file, or of each file by name. */
  sha256: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
});

export interface Sidecar extends z.infer<typeof sidecarSchema> {
  /** Where it was found. */
  readonly path: string;
}

/** Files that are called like every other of their kind; their folder's name says what they are. */
const COMMON = ['model.json', 'saved_model.pb'];

/**
 * Where the sidecar of a model may stand: `NAME.json` beside `NAME.onnx` or the folder `NAME`, and `NAME.sidecar.json`
 * beside `NAME.json`, which is the model itself.
 */
function placesOf(model: string): string[] {
  const path = resolve(model);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [`${path}.json`];
  const { dir, name, ext } = parse(path);
  if (COMMON.includes(basename(path))) return [`${dir}.json`, join(dir, `${name}.sidecar.json`)];
  if (ext.toLowerCase() === '.json') return [join(dir, `${name}.sidecar.json`)];
  return [join(dir, `${name}.json`)];
}

/** The sidecar of a model, `undefined` where there is none. @throws ClassifierError when it makes no sense. */
export function readSidecar(model: string): Sidecar | undefined {
  const path = placesOf(model).find((place) => existsSync(place));
  if (path === undefined) return undefined;
  return { ...parsed(sidecarSchema, readJson(path, 'sidecar'), path), path };
}

/** What the sidecar claims of a file's hash, in lower case. */
export function claimedHash({ sha256 }: Sidecar, file: string): string | undefined {
  return (typeof sha256 === 'string' ? sha256 : sha256?.[file])?.toLowerCase();
}
