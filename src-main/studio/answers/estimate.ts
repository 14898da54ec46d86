import { isAbsolute } from 'node:path';
import type { Check, Estimate, NamedClasses, Problem } from '../../api/estimate.ts';
import { auditRequestSchema, type AuditRequest } from '../../api/request.ts';
import { ServiceError } from '../../api/wire.ts';
import { configurationOf } from '../../audit/audit.ts';
import { spell } from '../../audit/command-line.ts';
import { Estimator } from '../../audit/estimate.ts';
import { readClasses } from '../../classifier/classes.ts';
import { isPresetName } from '../../classifier/preprocessing.ts';
import { inWords } from '../../classifier/wording.ts';
import type { Engine } from '../../engine/engine.ts';
import type { AuditRecord } from '../../store/audits.ts';
import { faultsIn } from '../../prototype/configuration.ts';
import type { Workspace, WorkspaceReader } from '../../store/workspace.ts';

/** Answers about an audit that is being put together. One estimate is made at a time: the latest that is asked for. */
export class Estimates {
  readonly #workspace: Workspace;
  readonly #estimator: Estimator;
  #underway: AbortController | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(workspace: Workspace, engine: Engine) {
    this.#workspace = workspace;
    this.#estimator = new Estimator(workspace, engine);
  }

  /** @throws ServiceError `bad-state` when it is stopped, by `stop` or by a later one */
  async estimate(request: AuditRequest): Promise<Estimate> {
    this.stop();
    const controller = new AbortController();
    this.#underway = controller;
    const before = this.#last;
    const found = this.#make(request, before, controller.signal);
    this.#last = found.catch(() => undefined);
    try {
      return await found;
    } catch (error) {
      throw controller.signal.aborted ? stopped() : error;
    } finally {
      if (this.#underway === controller) this.#underway = undefined;
    }
  }

  stop(): void {
    this.#underway?.abort();
  }

  async #make(
    request: AuditRequest,
    before: Promise<unknown>,
    signal: AbortSignal,
  ): Promise<Estimate> {
    // The one before may still be compiling; two trials at once would both be slow.
    await before;
    signal.throwIfAborted();
    const problems = problemsIn(request);
    const isBusy = this.#workspace.jobs.list().some(({ state }) => state === 'running');
    if (problems.length > 0) return { problems, notes: [], speeds: [], busy: isBusy };
    return this.#estimator.estimate(request, isBusy, signal);
  }
}

const stopped = (): ServiceError => new ServiceError('bad-state', 'The estimate was stopped.');

/** What can be said of an audit without reading its models, and how it is asked for elsewhere. */
export function checkAnswer(value: unknown, workspace: string): Check {
  const parsed = auditRequestSchema.safeParse(value, { error: inWords });
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => ({
      field: path.slice(0, path[0] === 'models' ? 2 : 1).join('.'),
      message: sentence(message),
    }));
    return { problems };
  }
  const problems = problemsIn(parsed.data);
  return problems.length > 0 ? { problems } : { problems, pipeline: spell(parsed.data, workspace) };
}

/** Options that do not fit, by the very schema that a run is checked with, and paths that lead nowhere in particular. */
function problemsIn(request: AuditRequest): Problem[] {
  const options = request.profiles.flatMap((entry) => {
    const { profile, options: own } =
      typeof entry === 'string' ? { profile: entry, options: {} } : entry;
    return faultsIn(profile, { ...request.options, ...own }).map(({ option, message }) => ({
      field: `options.${profile}${option && `.${option}`}`,
      message: sentence(message),
    }));
  });
  const paths = request.models.flatMap(
    ({ path, labels, features, images, preprocessing }, place) => {
      const file = preprocessing !== undefined && !isPresetName(preprocessing);
      const files = [path, labels, features, images, ...(file ? [preprocessing] : [])];
      return files.map((each) => ({ field: `models.${place}`, path: each }));
    },
  );
  return [...options, ...[...paths, { field: 'images', path: request.images }].flatMap(relative)];
}

function relative({ field, path }: { field: string; path?: string }): Problem[] {
  if (path === undefined || isAbsolute(path)) return [];
  return [{ field, message: `The path ${path} is not whole: give it from the root on.` }];
}

/** The end of a sentence "X: …" as a sentence of its own. */
const sentence = (end: string): string => `${end[0].toUpperCase()}${end.slice(1)}.`;

/** The classes that a text names, as the command line understands it. */
export function classesAnswer(labels: readonly string[], text: string): NamedClasses {
  const { classes, problems } = readClasses({ labels }, text);
  return { classes, problems: problems.map(({ message }) => message) };
}

/**
 * What an audit was asked for, with its files where they were last.
 * @returns undefined when there is no such audit
 * @throws ServiceError `bad-state` when the workspace does not say it in a way that is understood here
 */
export function configurationAnswer(
  workspace: WorkspaceReader,
  auditId: number,
): AuditRequest | undefined {
  const record = workspace.audits.get(auditId);
  if (!record) return undefined;
  const request = requestIn(workspace, record);
  const folders = new Set(request.models.map(({ images }) => images));
  if (folders.size > 1) return request;
  const [images] = folders;
  const models = request.models.map(({ images: _own, ...how }) => how);
  return { ...request, models, ...(images !== undefined && { images }) };
}

function requestIn(workspace: WorkspaceReader, record: AuditRecord): AuditRequest {
  const { request } = record.configuration as { request?: object };
  const parsed = auditRequestSchema.safeParse(request && configurationOf(workspace, record));
  if (parsed.success) return parsed.data;
  throw new ServiceError(
    'bad-state',
    'Nothing says how this audit was asked for; begin a new one.',
  );
}
