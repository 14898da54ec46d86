import { existsSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { z } from 'zod';
import { featuresSchema } from './features.ts';
import { inputSchema, parsed } from './preprocessing.ts';
import { readJson } from './text-file.ts';

/** What may stand beside a model as `MODEL.json`. Whatever else the file says is left alone. */
const sidecarSchema = z.looseObject({
  name: z.string().min(1).optional(),
  input: inputSchema.optional(),
  /** Columns of a tabular classifier, or the file that lists them. */
  features: featuresSchema.optional(),
  output: z.looseObject({ name: z.string().optional() }).optional(),
  /** Path of the labels, relative to the sidecar's folder and inside it. */
  labels: z.string().min(1).optional(),
  /** SHA-256 of the model file, or of each file by name. */
  sha256: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
});

export interface Sidecar extends z.infer<typeof sidecarSchema> {
  /** Where it was found. */
  readonly path: string;
}

/** The sidecar of a model, `undefined` where there is none. @throws ClassifierError when it makes no sense. */
export function readSidecar(model: string): Sidecar | undefined {
  const path = join(dirname(model), `${parse(model).name}.json`);
  if (!existsSync(path)) return undefined;
  return { ...parsed(sidecarSchema, readJson(path, 'sidecar'), path), path };
}

/** What the sidecar claims of a file's hash, in lower case. */
export function claimedHash({ sha256 }: Sidecar, file: string): string | undefined {
  return (typeof sha256 === 'string' ? sha256 : sha256?.[file])?.toLowerCase();
}
