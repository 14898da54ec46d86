import { z } from 'zod';
import { featureCalls, featureListSchema } from './features.ts';
import { inspectionSchema } from './model.ts';
import { modelRequestSchema } from './request.ts';
import { selfTestSchema } from './self-test.ts';
import { figureSchema, hashSchema, idSchema, pathSchema } from './value.ts';

/** Characters that pasted class names may have. */
const MOST_LABEL_TEXT = 500_000;

/** A model file, and what a person says of it. */
const importRequestSchema = modelRequestSchema.extend({
  labelsText: z
    .string()
    .max(MOST_LABEL_TEXT)
    .optional()
    .describe('class names, one a line, in place of a file'),
  featureList: featureListSchema.optional().describe('features of a table, in place of a file'),
});

const answersSchema = importRequestSchema.omit({ path: true });
const nameSchema = z.string().trim().min(1).max(200);
const reasonSchema = z.object({ name: z.string(), reason: z.string() });

/** What a classifier says of one photograph. */
const lookSchema = z.object({
  /** The photograph as the model sees it, before its values are normalised. */
  imageHash: hashSchema,
  height: z.int(),
  width: z.int(),
  /** Five at most, the most probable first. */
  top: z.array(
    z.object({
      classIndex: idSchema,
      label: z.string(),
      logit: figureSchema,
      probability: figureSchema,
    }),
  ),
  /** Why preprocessing, labels or output may be wrong, one sentence each. */
  warnings: z.array(z.string()),
});

/** How the photographs or rows of a set go with a model's classes. */
export const matchSchema = z.object({
  modelId: idSchema,
  /** Why they do not go with the model at all, in one sentence; there are no classes then. */
  problem: z.string().optional(),
  classes: z.array(
    z.object({
      index: idSchema,
      label: z.string(),
      images: z.int(),
      /** Those that the model itself predicts as the class; absent before they were counted. */
      predicted: z.int().optional(),
    }),
  ),
  /** Folders, or classes of rows, that none of the model's classes is named after. */
  unmatched: z.array(z.string()),
  /** Files that turned out to be damaged while they were counted. */
  skipped: z.array(reasonSchema),
});

/** What goes with an audit when it is removed. */
const weightSchema = z.object({
  /** Bytes on the disk that nothing else needs. */
  bytes: z.int(),
  prototypes: z.int(),
  /** Prototypes that a reviewer has marked. */
  reviews: z.int(),
});

const nothing = z.strictObject({});
const byModel = z.strictObject({ modelId: idSchema });
const byAudit = z.strictObject({ auditId: idSchema });
const byImageSet = z.strictObject({ imageSetId: idSchema });
const modelAnswer = z.object({ modelId: idSchema, isNew: z.boolean() });

/** Calls about what a workspace holds. Long ones tell of `library.progress`, and end by `library.stop`. */
export const libraryCalls = {
  'model.inspect': { input: importRequestSchema, output: inspectionSchema },
  /** Keeps a model with its answers; a known one is found again. An uploaded file moves into the workspace. */
  'model.add': { input: importRequestSchema, output: modelAnswer },
  /** Other answers make another model of it, which an audit that uses it forbids; a name may change at any time. */
  'model.update': {
    input: z.strictObject({
      modelId: idSchema,
      name: nameSchema.optional(),
      answers: answersSchema.optional(),
    }),
    output: modelAnswer,
  },
  /** Refused while an audit uses it. Of the files, only an uploaded one goes. */
  'model.remove': { input: byModel, output: nothing },
  /** Runs a model on a photograph: shows whether preprocessing and labels are right. */
  'model.try': {
    input: z.strictObject({ model: importRequestSchema, photograph: pathSchema }),
    output: lookSchema,
  },
  /** Tests whether a model is read rightly; takes seconds, on slow engines minutes. The task is `testTask(path)`. */
  'model.selfTest': {
    input: z.strictObject({ model: importRequestSchema, photograph: pathSchema.optional() }),
    output: selfTestSchema,
  },

  /** Reads a folder of folders, or a CSV file of rows; the task is `addTask(path)`. */
  'imageSet.add': {
    input: z.strictObject({ path: pathSchema }),
    output: z.object({ imageSetId: idSchema, isNew: z.boolean() }),
  },
  /** Refused while an audit uses it. The photographs stay where they are. */
  'imageSet.remove': { input: byImageSet, output: nothing },
  /** How the set goes with each model of the workspace. */
  'imageSet.get': { input: byImageSet, output: z.array(matchSchema) },
  /** Runs a model on all photographs of its classes, unless that is known; the task is `countTask(…)`. */
  'imageSet.count': {
    input: z.strictObject({ imageSetId: idSchema, modelId: idSchema }),
    output: matchSchema,
  },

  ...featureCalls,

  'audit.rename': {
    input: z.strictObject({ auditId: idSchema, name: nameSchema }),
    output: nothing,
  },
  'audit.weigh': { input: byAudit, output: weightSchema },
  /** Stops its job, removes it with its prototypes, figures and reviews, and the files that only it needs. */
  'audit.remove': { input: byAudit, output: z.object({ bytes: z.int() }) },
  /** Queues the audit of the bundled sample. */
  'sample.add': { input: nothing, output: z.object({ auditId: idSchema }) },

  /** Ends a task; the call that began it fails with the word that it was stopped. */
  'library.stop': { input: z.strictObject({ task: z.string().max(5000) }), output: nothing },
} as const;

export const libraryEvents = {
  'library.progress': z.object({ task: z.string(), done: z.int(), total: z.int() }),
} as const;

/** Names of tasks, by what they are about. */
export const testTask = (path: string): string => `test ${path}`;
export const addTask = (path: string): string => `add ${path}`;
export const countTask = (imageSetId: number, modelId: number): string =>
  `count ${imageSetId} ${modelId}`;

export type ImportRequest = z.output<typeof importRequestSchema>;
export type ImportAnswers = z.output<typeof answersSchema>;
export type Look = z.output<typeof lookSchema>;
export type Match = z.output<typeof matchSchema>;
export type Weight = z.output<typeof weightSchema>;
