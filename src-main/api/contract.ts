import { z } from 'zod';
import { auditSchema } from './audit.ts';
import { jobCalls, jobEvents } from './job.ts';
import { checkSchema, classesSchema, estimateSchema } from './estimate.ts';
import { methodSchema } from './method.ts';
import { libraryCalls, libraryEvents } from './library.ts';
import { imageSetInspectionSchema } from './model.ts';
import { exemplarSchema, prototypeSchema } from './prototype.ts';
import {
  composedSchema,
  exportedSchema,
  previewSchema,
  reportFormats,
  reportFormatSchema,
} from './report.ts';
import { auditRequestSchema, modelRequestSchema } from './request.ts';
import {
  markSchema,
  reviewSchema,
  savedViewSchema,
  scopeSchema,
  viewNameSchema,
  viewQuerySchema,
} from './review.ts';
import { subjectSchema } from './sight.ts';
import {
  enginesSchema,
  machineSettingsSchema,
  settingsSchema,
  workspaceFactsSchema,
} from './settings.ts';
import { similaritySchema } from './similarity.ts';
import { jobSchema, studioSchema } from './studio.ts';
import { idSchema, pathSchema } from './value.ts';

/**
 * What the studio's page may ask of its service, and what the service tells it unasked: the only thing that both sides
 * know of each other. Both sides check all that they send and all that they hear. A call that fails is answered with
 * a code and one sentence (wire.ts). Images never travel in messages: they are files, named by their content.
 */

const nothing = z.strictObject({});
const byAudit = z.strictObject({ auditId: idSchema });
const byRun = z.strictObject({ runId: idSchema });

/** Every call: what it takes, and what it gives. */
export const calls = {
  'studio.get': { input: nothing, output: studioSchema },
  /** Options and profiles of the method, with defaults and explanations. */
  'method.get': { input: nothing, output: methodSchema },

  'workspace.get': { input: nothing, output: workspaceFactsSchema },
  'engines.list': { input: nothing, output: enginesSchema },
  'settings.get': { input: nothing, output: settingsSchema },
  /** Keeps them for this machine, then starts the service anew where they make a difference. */
  'settings.set': { input: machineSettingsSchema, output: settingsSchema },

  'audit.get': { input: byAudit, output: auditSchema },
  /** What is wrong with an audit as far as it is put together, whatever it is, and its command line. At once. */
  'audit.check': { input: z.looseObject({}), output: checkSchema },
  /** Time and disk that an audit would take. May try its models out for seconds; another one asked for stops it. */
  'audit.estimate': { input: auditRequestSchema, output: estimateSchema },
  /** Stops the estimate that is under way; its call fails with `bad-state`. */
  'estimate.stop': { input: nothing, output: nothing },
  /** What an audit was asked for, to ask for another one like it. */
  'audit.configuration': { input: byAudit, output: auditRequestSchema },
  /** The classes that a text names, as the command line understands it. */
  'classes.find': {
    input: z.strictObject({
      labels: z.array(z.string()).max(100_000),
      text: z.string().max(1_000_000),
    }),
    output: classesSchema,
  },
  /** Registers an audit and queues the work on it. The same audit again is the same one, which goes on. */
  'audit.create': {
    input: auditRequestSchema,
    output: z.object({ auditId: idSchema, job: jobSchema }),
  },
  /** Queues what is left of an audit, such as of one that was begun from the command line. */
  'audit.resume': { input: byAudit, output: jobSchema },

  'prototype.get': { input: byRun, output: prototypeSchema },
  /** Natural images of a class, the most typical (by logit) first, as the model sees them. */
  'exemplars.get': {
    input: z.strictObject({
      auditId: idSchema,
      modelId: idSchema,
      classIndex: idSchema,
      most: z.int().min(1).max(64).default(9),
    }),
    output: z.array(exemplarSchema),
  },
  'similarity.get': { input: byAudit, output: similaritySchema },

  ...libraryCalls,
  'imageSet.inspect': {
    input: z.strictObject({ path: pathSchema, model: modelRequestSchema }),
    output: imageSetInspectionSchema,
  },

  ...jobCalls,

  /** What is written down of an audit's prototypes and comparisons, the worst first; all others are unreviewed. */
  'review.list': { input: byAudit, output: z.array(reviewSchema) },
  /** Marks a prototype, or two to four pictures together. Undo sets the previous mark again. */
  'review.set': {
    input: z.strictObject({ auditId: idSchema, sights: subjectSchema, mark: markSchema }),
    output: z.object({ review: reviewSchema, previous: markSchema }),
  },
  /** Shows names and figures that a blind review hides, and writes down that they were shown. */
  'review.reveal': {
    input: z.strictObject({ auditId: idSchema, sights: subjectSchema }),
    output: reviewSchema,
  },
  /** What the review of an audit is about; empty at first. */
  'scope.get': { input: byAudit, output: scopeSchema },
  'scope.set': {
    input: z.strictObject({ auditId: idSchema, scope: scopeSchema }),
    output: scopeSchema,
  },
  'view.list': { input: byAudit, output: z.array(savedViewSchema) },
  /** Saves a view of the gallery under a name; one of that name is changed. */
  'view.save': {
    input: z.strictObject({ auditId: idSchema, name: viewNameSchema, query: viewQuerySchema }),
    output: z.array(savedViewSchema),
  },
  'view.rename': {
    input: z.strictObject({ viewId: idSchema, name: viewNameSchema }),
    output: z.array(savedViewSchema),
  },
  'view.remove': {
    input: z.strictObject({ viewId: idSchema }),
    output: z.array(savedViewSchema),
  },

  /** What a report of the audit would say, and whether it can be printed. */
  'report.preview': { input: byAudit, output: previewSchema },
  /** Keeps the report's page to be looked at. Tells of `library.progress`, and ends by `library.stop`. */
  'report.compose': { input: byAudit, output: composedSchema },
  /** Writes the report into the workspace's folder `reports`. The same state of the workspace gives the same bytes. */
  'report.export': {
    input: z.strictObject({
      auditId: idSchema,
      formats: z
        .array(reportFormatSchema)
        .min(1)
        .default([...reportFormats]),
    }),
    output: exportedSchema,
  },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;

/** Every event. Those that come often are thinned out; what they tell is in the answers of the calls as well. */
export const events = {
  /** From the host: whether the service is there. Ask for everything anew when it is ready again. */
  service: z.object({
    state: z.enum(['starting', 'ready', 'down']),
    /** Why it is down, in one sentence. */
    message: z.string().optional(),
  }),
  /** Jobs, audits, models or image sets are others than before: ask `studio.get`. */
  'studio.changed': nothing,
  /** More of an audit changed than its prototypes: ask `audit.get`. */
  'audit.changed': z.object({ auditId: idSchema }),
  ...jobEvents,
  ...libraryEvents,
  'review.changed': z.object({ auditId: idSchema, review: reviewSchema }),
  'scope.changed': z.object({ auditId: idSchema, scope: scopeSchema }),
  'views.changed': z.object({ auditId: idSchema, views: z.array(savedViewSchema) }),
  /** What a reviewer should know, in one sentence. */
  note: z.object({ auditId: idSchema.optional(), text: z.string() }),
} as const satisfies Record<string, z.ZodType>;

export type Call = keyof typeof calls;
/** What a caller gives: keys with defaults may be left out. */
export type Input<C extends Call> = z.input<(typeof calls)[C]['input']>;
/** What the service gets: checked, with defaults. */
export type Checked<C extends Call> = z.output<(typeof calls)[C]['input']>;
export type Output<C extends Call> = z.output<(typeof calls)[C]['output']>;
export type EventName = keyof typeof events;
export type EventOf<E extends EventName> = z.output<(typeof events)[E]>;

export const isCall = (name: string): name is Call => Object.hasOwn(calls, name);
export const isEvent = (name: string): name is EventName => Object.hasOwn(events, name);

/** Where an image is found, relative to the page: the same for ever. */
export const fileAddress = (hash: string): string => `files/${hash}`;
