import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Classifier } from '../classifier/classifier.ts';
import type { EngineInfo } from '../engine/engine.ts';
import type { Configuration } from './configuration.ts';
import { PrototypeError } from './errors.ts';
import type { Job } from './job.ts';

export type Stage = 'baseline' | 'prototype';

/** Milliseconds spent on one prototype. Work done while the network ran counts under its own name as well. */
export interface Timings {
  /** From handing the network its images to having the gradients, divided by the images that ran together. */
  readonly network: number;
  /** Preprocessing, affine maps and their adjoints. */
  readonly affine: number;
  readonly parameterisation: number;
  readonly penalty: number;
  readonly adam: number;
}

/** All that a prototype in the making is: with it, a generation goes on as if it had not been interrupted. */
export interface Checkpoint {
  readonly job: Job;
  /** What the result depends on, see `identityOf`; a checkpoint fits no other generation. */
  readonly identity: string;
  readonly stage: Stage;
  /** Steps of the stage that have been taken. */
  readonly step: number;
  readonly baselineSteps: number;
  readonly stillSteps: number;
  readonly timings: Timings;
  readonly parameters: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** The row that stage 2 started from, where a table is pulled towards it. */
  readonly baseline?: Float32Array;
}

/** What of a classifier decides the bytes of its prototypes. External weights are files of their own. */
type Model = Pick<Classifier, 'files' | 'logits' | 'input' | 'preprocessing'>;

/**
 * Tells whether two generations give the same bytes: a digest of the model's files, of how it is fed and read, of every
 * choice that matters, and of the engine, as another processor or number of threads may round differently.
 */
export function identityOf(
  { files, logits, input, preprocessing }: Model,
  configuration: Configuration,
  { fallback: _fallback, chosen: _chosen, ...engine }: EngineInfo,
): string {
  const { prototypes: _prototypes, snapshotEvery: _snapshotEvery, ...choices } = configuration;
  const model = { files: files.map((file) => file.sha256), logits, input, preprocessing };
  return sha256(Buffer.from(JSON.stringify([model, choices, engine]))).toString('hex');
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** Whether a checkpoint is of this generation and holds `size` parameters. */
export function fitsGeneration(checkpoint: Checkpoint, identity: string, size: number): boolean {
  return checkpoint.identity === identity && checkpoint.parameters.length === size;
}

/** @throws PrototypeError `bad-checkpoint` unless it does */
export function checkCheckpoint(checkpoint: Checkpoint, identity: string, size: number): void {
  if (fitsGeneration(checkpoint, identity, size)) return;
  throw new PrototypeError(
    'bad-checkpoint',
    'The checkpoint belongs to another model, configuration or engine; start the prototype again without it.',
  );
}

const MAGIC = Buffer.from('EIDOCKP1', 'latin1');
const CHECKSUM_BYTES = 32;

const count = z.int().min(0);
const milliseconds = z.number().min(0);
const headerSchema = z.strictObject({
  job: z.strictObject({ classIndex: count, prototype: count }),
  identity: z.string(),
  stage: z.enum(['baseline', 'prototype']),
  step: count,
  baselineSteps: count,
  stillSteps: count,
  timings: z.strictObject({
    network: milliseconds,
    affine: milliseconds,
    parameterisation: milliseconds,
    penalty: milliseconds,
    adam: milliseconds,
  }),
  size: count,
  /** Floats of the baseline behind the moments. */
  baseline: count.optional(),
});

/**
 * A checkpoint as bytes: magic, length of the header (32 bits, little-endian), header as JSON, then parameters,
 * both moments and the baseline that there may be as little-endian float32, and the SHA-256 of all before it.
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const { parameters, first, second, baseline, ...state } = checkpoint;
  const sizes = { size: parameters.length, ...(baseline && { baseline: baseline.length }) };
  const header = Buffer.from(JSON.stringify({ ...state, ...sizes }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const arrays = [parameters, first, second, ...(baseline ? [baseline] : [])].map(bytesOf);
  const body = Buffer.concat([MAGIC, length, header, ...arrays]);
  return Buffer.concat([body, sha256(body)]);
}

/** @throws PrototypeError `bad-checkpoint` when the bytes are not a whole and undamaged checkpoint */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const body = Buffer.from(bytes.subarray(0, Math.max(0, bytes.length - CHECKSUM_BYTES)));
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw damaged('it is not a checkpoint of this version');
  }
  if (!sha256(body).equals(bytes.subarray(body.length))) {
    throw damaged('its checksum does not match');
  }
  const start = MAGIC.length + 4;
  const end = start + body.readUInt32LE(MAGIC.length);
  const { size, baseline, ...state } = headerOf(body.toString('utf8', start, end));
  const length = end + 12 * size + 4 * (baseline ?? 0);
  if (body.length !== length) throw damaged('its length is not the one it states');
  const [parameters, first, second] = [0, 1, 2].map((i) =>
    floatsOf(body, end + 4 * size * i, size),
  );
  const kept = baseline && { baseline: floatsOf(body, end + 12 * size, baseline) };
  return { ...state, parameters, first, second, ...kept };
}

function headerOf(text: string): z.infer<typeof headerSchema> {
  try {
    return headerSchema.parse(JSON.parse(text));
  } catch (error) {
    throw damaged('its header does not have the expected form', error);
  }
}

const bytesOf = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

function floatsOf(body: Buffer, at: number, size: number): Float32Array {
  // A copy: the bytes may start anywhere, and floats may not.
  return new Float32Array(Uint8Array.from(body.subarray(at, at + 4 * size)).buffer);
}

function damaged(reason: string, cause?: unknown): PrototypeError {
  return new PrototypeError(
    'bad-checkpoint',
    `The checkpoint cannot be used because ${reason}; start the prototype again without it.`,
    { cause },
  );
}
