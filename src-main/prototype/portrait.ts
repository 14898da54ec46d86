import { decode, encode } from 'fast-png';
import { z } from 'zod';
import { configurationSchema } from './configuration.ts';
import { PrototypeError } from './errors.ts';
import type { Picture } from './picture.ts';

const KEYWORD = 'eidoscope-prototype';

const count = z.int().min(0);

/** Where a prototype comes from: all that is needed to make it again. */
const provenanceSchema = z.strictObject({
  model: z.string(),
  /** The model file first, then its data, sidecar and labels; hashes in lower-case hexadecimal. */
  files: z.array(z.strictObject({ path: z.string(), bytes: count, sha256: z.string() })),
  /** The value of the network that was taken for the logits. */
  logits: z.string(),
  /** [channels, height, width] of the image. */
  image: z.tuple([count, count, count]),
  preprocessing: z.strictObject({
    range: z.number(),
    mean: z.array(z.number()),
    std: z.array(z.number()),
    order: z.enum(['RGB', 'BGR', 'grey', 'columns']),
    resize: count,
  }),
  classIndex: count,
  label: z.string(),
  prototype: count,
  configuration: configurationSchema,
  engine: z.strictObject({
    id: z.string(),
    provider: z.string(),
    device: z.string(),
    memoryMB: count.optional(),
    version: z.string(),
    threads: count,
    precision: z.enum(['float32', 'reduced']),
    deterministic: z.boolean(),
    fallback: z.string().optional(),
    chosen: z.string().optional(),
  }),
  /** Versions of the programs that took part, by name. */
  versions: z.record(z.string(), z.string()),
  /** Of a table, the row in its features' units; `image` is the number of its columns then. */
  values: z
    .array(
      z.strictObject({
        name: z.string(),
        unit: z.string().optional(),
        value: z.number(),
        min: z.number(),
        max: z.number(),
        category: z.string().optional(),
        categories: z.array(z.string()).optional(),
        position: z.number(),
      }),
    )
    .optional(),
  /** Logit of the class for the image before it was rounded to bytes. */
  logit: z.number(),
  /** That before whole numbers and single categories were settled on. */
  unsettledLogit: z.number().optional(),
  baselineSteps: count,
  steps: count,
  complete: z.boolean(),
});

export type Provenance = z.infer<typeof provenanceSchema>;

/** A prototype as a PNG holds it. */
export interface Portrait extends Picture {
  readonly provenance: Provenance;
}

/**
 * A prototype as an 8-bit PNG, grey or RGB, with its provenance as JSON in a text chunk. The same prototype and
 * provenance give the same bytes: the file holds no time.
 */
export function encodePortrait(picture: Picture, provenance: Provenance): Uint8Array {
  const { channels, height, width, data } = picture;
  const text = { [KEYWORD]: toAscii(JSON.stringify(provenance)) };
  return encode({ width, height, channels, depth: 8, data, text });
}

/**
 * Reads a PNG that `encodePortrait` wrote.
 * @throws PrototypeError `bad-portrait` when it is no PNG, is damaged, or says nothing about a prototype
 */
export function decodePortrait(bytes: Uint8Array): Portrait {
  try {
    const { width, height, channels, data, text } = decode(bytes, { checkCrc: true });
    const provenance = provenanceSchema.parse(JSON.parse(text[KEYWORD]));
    return { width, height, channels, data: data as Uint8Array, provenance };
  } catch (error) {
    throw new PrototypeError(
      'bad-portrait',
      'The picture is not an undamaged prototype of Eidoscope; give the PNG file as it was written.',
      { cause: error },
    );
  }
}

/** JSON in ASCII alone: a text chunk is Latin-1, and readers do not agree on what that means above 127. */
function toAscii(json: string): string {
  const escape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return json.replace(/[\u007f-\uffff]/g, escape);
}
