import { z } from 'zod';
import { featureListSchema } from './features.ts';
import { scoresSchema, similaritySchema } from './similarity.ts';
import { batchSchema } from './batch.ts';
import { engineSchema } from './studio.ts';
import { figureSchema, hashSchema, idSchema, stateSchema } from './value.ts';

/** What a report is, as JSON: published as `report.schema.json`. A change that breaks readers takes the next version. */
export const REPORT_VERSION = 1;

const timeSchema = z.string().describe('UTC, ISO 8601');
const fileSchema = z.object({ path: z.string(), bytes: z.int(), sha256: hashSchema });

const modelSchema = z.object({
  id: idSchema,
  name: z.string(),
  format: z.string(),
  files: z.array(fileSchema).describe('model file first, then its data, sidecar and labels'),
  fingerprint: hashSchema.describe('over the files and everything that decides what is fed in'),
  input: z.object({
    name: z.string(),
    channels: z.int(),
    height: z.int(),
    width: z.int(),
    layout: z.string(),
    batch: z.union([z.int(), z.literal('free')]),
  }),
  preprocessing: z.object({
    range: z.number(),
    mean: z.array(z.number()),
    std: z.array(z.number()),
    order: z.string(),
    resize: z.int(),
  }),
  preprocessingFrom: z
    .string()
    .describe('where the preprocessing, or what features are, was found'),
  features: featureListSchema.optional().describe('of a table, in the order of its columns'),
  logits: z.string(),
  cut: z.string().optional().describe('operator that was cut off behind the logits'),
  classes: z.int().describe('classes that the model knows'),
  notes: z.array(z.string()),
  imageSetId: idSchema.optional(),
});

const imageSetSchema = z.object({
  id: idSchema,
  name: z.string(),
  fingerprint: hashSchema.describe('over the content of every photograph or row and its class'),
  images: z.int(),
  counts: z.record(z.string(), z.int()).describe('photographs or rows of each class'),
  columns: z.array(z.string()).optional().describe('of rows of a table, but for the class'),
});

const optionSchema = z.object({
  name: z.string(),
  value: z.unknown(),
  default: z.unknown().describe('what the profile chooses by itself'),
  differs: z.boolean(),
  source: z.enum(['fixed', 'ours']).describe('whether the paper fixes the default'),
  unit: z.string(),
  description: z.string(),
});

const methodSchema = z.object({
  classes: z.string().describe('as they were asked for'),
  layers: z.string(),
  natural: z.string(),
  controls: z.boolean(),
  seed: z.int(),
  prototypes: z.int().describe('prototypes of each class and profile'),
  profiles: z.array(
    z.object({
      profile: z.string(),
      models: z.array(idSchema),
      options: z.array(optionSchema),
    }),
  ),
});

const markStateSchema = z.enum(['unreviewed', 'concern', 'cleared']);

const prototypeSchema = z.object({
  runId: idSchema,
  modelId: idSchema,
  classIndex: idSchema,
  label: z.string(),
  profile: z.string(),
  prototypeIndex: idSchema,
  control: z.boolean().describe('plain maximisation: made to be compared with, not to be judged'),
  seed: z.int(),
  state: stateSchema,
  reason: z.string().optional(),
  image: hashSchema.optional().describe('the PNG'),
  raw: hashSchema.optional().describe('the float32 values that it was rounded from'),
  logit: figureSchema,
  probability: figureSchema,
  seenAs: z.string().optional().describe('the class that the model sees in it'),
  stability: z
    .number()
    .optional()
    .describe('over seeds: absent where a class has one prototype of the model and profile'),
  features: z
    .array(
      z.object({
        name: z.string(),
        value: z.number().describe('in its unit; of categories the number of the one, from 0'),
        unit: z.string().optional(),
        category: z.string().optional(),
      }),
    )
    .optional()
    .describe('the row, where the model takes one'),
  baselineSteps: z.int().optional(),
  steps: z.int().optional(),
  review: markStateSchema,
  severity: z.int().nullable(),
});

/** A picture of a finding: a prototype, or a step of its making. */
const pictureSchema = z.object({
  sight: z.string().describe('its name in the studio’s addresses'),
  runId: idSchema.optional(),
  modelId: idSchema.optional(),
  classIndex: idSchema.optional(),
  description: z.string(),
  image: hashSchema.optional(),
});

const findingSchema = z.object({
  state: markStateSchema,
  severity: z.int().min(0).max(5).nullable(),
  note: z.string(),
  reading: z.string().describe('whether names and figures were hidden before the first reading'),
  reviewedAt: timeSchema,
  pictures: z.array(pictureSchema).describe('one, or the several that were compared'),
});

const naturalSchema = z.object({
  modelId: idSchema,
  classIndex: idSchema,
  label: z.string(),
  given: z.int(),
  naturalImages: z.int().describe('n: those that count'),
  evidence: z.enum(['sufficient', 'insufficient']),
  exemplars: z
    .array(z.object({ name: z.string(), logit: figureSchema, image: hashSchema.optional() }))
    .describe('the most typical ones; without an image where the photograph is gone'),
});

const subjectSchema = z.object({
  modelId: idSchema,
  classIndex: idSchema,
  label: z.string(),
  series: z.string(),
  kind: z.string(),
  ordinal: idSchema.describe('place among the class’s subjects of the series'),
  naturalImages: z.int(),
  evidence: z.enum(['sufficient', 'insufficient']),
  logit: figureSchema,
  scores: z
    .object({ full: scoresSchema, pooled: scoresSchema })
    .nullable()
    .describe('null where the evidence is insufficient'),
});

const countsSchema = z.object({
  prototypes: z.int().describe('that were to be made, controls left out'),
  made: z.int(),
  reviewed: z.int(),
  unreviewed: z.int(),
  concern: z.int(),
  cleared: z.int(),
  comparisons: z.int().describe('findings on several pictures together'),
});

export const reportSchema = z.object({
  format: z.literal('eidoscope-report'),
  version: z.literal(REPORT_VERSION),
  eidoscope: z.string().describe('version that wrote the report'),
  asOf: timeSchema.describe('when the audit ended or was last reviewed, whichever is later'),
  scope: z.object({
    title: z.string(),
    question: z.string(),
    reviewer: z.string(),
    blind: z.boolean(),
  }),
  audit: z.object({
    id: idSchema,
    name: z.string(),
    state: stateSchema,
    reason: z.string().optional(),
    createdAt: timeSchema,
    finishedAt: timeSchema.optional(),
  }),
  review: countsSchema,
  findings: z.array(findingSchema).describe('the worst first'),
  models: z.array(modelSchema),
  imageSets: z.array(imageSetSchema),
  method: methodSchema,
  engines: z.array(
    z.object({
      engine: engineSchema,
      versions: z.record(z.string(), z.string()),
      prototypes: z.int(),
      batches: z
        .array(batchSchema.extend({ modelId: idSchema, prototypes: z.int() }))
        .describe('how many prototypes of a model were made at a time, and why'),
    }),
  ),
  prototypes: z.array(prototypeSchema),
  naturalImages: z.array(naturalSchema),
  similarity: similaritySchema,
  naturalBands: z
    .array(
      z.object({
        modelId: idSchema,
        spearman: z.array(z.tuple([figureSchema, figureSchema])),
      }),
    )
    .describe('layer by layer, the photographs’ 5 and 95 % quantiles, averaged over the classes'),
  scores: z.array(subjectSchema),
  limits: z.array(z.string()),
  reproduction: z.object({
    configuration: z.string().describe('the audit as a YAML file'),
    commands: z.array(z.string()),
  }),
  images: z
    .array(z.object({ sha256: hashSchema, bytes: z.int() }))
    .describe('files of the workspace that the report shows; photographs are none of its files'),
});

export type Report = z.output<typeof reportSchema>;
export type ReportModel = Report['models'][number];
export type ReportPrototype = Report['prototypes'][number];
export type ReportFinding = Report['findings'][number];
export type Counts = z.output<typeof countsSchema>;

/** What lies beside a report so that every byte of it can be checked. */
export const manifestSchema = z.strictObject({
  format: z.literal('eidoscope-manifest'),
  version: z.literal(1),
  eidoscope: z.string(),
  audit: z.string(),
  asOf: z.string(),
  verification: z.string(),
  files: z.array(fileSchema),
  /** Files of the workspace that the report refers to, by their content. */
  images: z.array(z.strictObject({ sha256: hashSchema, bytes: z.int() })),
});

export type Manifest = z.output<typeof manifestSchema>;

export const reportFormats = ['html', 'pdf', 'json', 'csv'] as const;
export const reportFormatSchema = z.enum(reportFormats);
export type ReportFormat = z.output<typeof reportFormatSchema>;

/** Name of a report's folder in the workspace's `reports`. */
export const reportFolderSchema = z.string().regex(/^\d{1,15}-[0-9a-f]{12}$/);

/** A report that was written. */
export const exportedSchema = z.object({
  folder: reportFolderSchema,
  /** Whole, on the machine of the service. */
  path: z.string(),
  files: z.array(fileSchema),
  /** Of `manifest.json`: whoever knows it can tell whether any byte of the report was changed. */
  manifestSha256: hashSchema,
  /** What could not be written, and why, one sentence each. */
  notes: z.array(z.string()),
});

/** What a report would say, before it is written. */
export const previewSchema = z.object({
  /** Where it would be written; another one after any change of the audit or its review. */
  folder: reportFolderSchema,
  asOf: z.string(),
  counts: countsSchema,
  findings: z.array(findingSchema),
  /** Whether this machine has a browser that prints the PDF. */
  pdf: z.object({ possible: z.boolean(), reason: z.string().optional() }),
  /** The report of this very state, where it was written before. */
  exported: exportedSchema.optional(),
});

/** The page of a report, composed to be looked at before it is written. */
export const composedSchema = z.object({
  /** Where it would be written: the same name as in a preview means that it still says all. */
  folder: reportFolderSchema,
  /** By which hosts find it: `pageAddress`. */
  page: hashSchema,
  bytes: z.int(),
});

export type Exported = z.output<typeof exportedSchema>;
export type Composed = z.output<typeof composedSchema>;
export type Preview = z.output<typeof previewSchema>;

/** Where a file of a report is found, relative to the page. */
export const reportAddress = (folder: string, file: string): string => `reports/${folder}/${file}`;

/** Where a composed page is found, relative to the studio's page: the same for ever. */
export const pageAddress = (hash: string): string => `pages/${hash}`;

/** Name of the task that composes the page of an audit's report. */
export const composeTask = (auditId: number): string => `compose ${auditId}`;
