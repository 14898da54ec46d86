import { z } from 'zod';
import { engineSchema } from './studio.ts';
import { pathSchema } from './value.ts';

/** Native threads of one run; more than a machine has cores slow it down. */
const threadsSchema = z.int().min(1).max(1024);

/** What a machine computes with, for all of its workspaces. What is left out is up to Eidoscope. */
export const machineSettingsSchema = z.strictObject({
  /** Name of an engine's entry in `engines.list`. */
  engine: z.string().min(1).max(80).optional(),
  threads: threadsSchema.optional(),
});

/** Something that can be asked to compute. */
const engineChoiceSchema = z.object({
  name: z.string(),
  title: z.string(),
  /** What it needs, in one sentence. */
  text: z.string(),
  /** Whether this system can have it at all; whether it has, only trying tells. */
  possible: z.boolean(),
});

export const enginesSchema = z.object({
  choices: z.array(engineChoiceSchema),
  /** What computes now, and why not what was asked for. */
  used: engineSchema,
  threads: z.object({
    /** One for each physical core. */
    usual: z.int().min(1),
    /** One for each logical core. */
    most: z.int().min(1),
  }),
});

export const settingsSchema = z.object({
  /** As they are kept, and as the next start of the service takes them. */
  settings: machineSettingsSchema,
  /** What the command line said, which wins. */
  given: machineSettingsSchema,
  /** Where they are kept. */
  path: pathSchema,
  /** Why they could not be read, in one sentence. */
  problem: z.string().optional(),
});

export const workspaceFactsSchema = z.object({
  name: z.string(),
  path: pathSchema,
  /** Why nothing can be written, in one sentence; absent where it can. */
  readOnly: z.string().optional(),
  /** Bytes on the disk. */
  bytes: z.object({ database: z.number().min(0), files: z.number().min(0) }),
});

export type MachineSettings = z.output<typeof machineSettingsSchema>;
export type Engines = z.output<typeof enginesSchema>;
export type Settings = z.output<typeof settingsSchema>;
export type WorkspaceFacts = z.output<typeof workspaceFactsSchema>;
