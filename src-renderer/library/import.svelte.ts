import type { DescribedFeature } from '../../src-main/api/features.ts';
import { testTask, type ImportRequest, type Look } from '../../src-main/api/library.ts';
import type { FoundModel, Inspection } from '../../src-main/api/model.ts';
import type { SelfTest } from '../../src-main/api/self-test.ts';
import type { KnownModel } from '../../src-main/api/studio.ts';
import type { Source } from '../shell/source.ts';
import { isModelFile, modelAmong } from '../../src-main/api/formats.ts';
import { FeaturesState } from './features.svelte.ts';
import type { Chosen } from './files.ts';
import { placeIn } from './folder.ts';
import { locate, pathOf } from './upload.ts';

/** What a person says of a model where it does not say so itself; empty where they say nothing. */
export interface Answers {
  readonly preprocessing: string;
  readonly labels: string;
  readonly labelsText: string;
  readonly output: string;
  readonly signature: string;
  readonly height: string;
  readonly width: string;
  /** File that describes the features of a table, and the features as they are typed. */
  readonly features: string;
  readonly featureList?: DescribedFeature[];
}

const silent: Answers = {
  ...{
    preprocessing: '',
    labels: '',
    labelsText: '',
    output: '',
    signature: '',
    height: '',
    width: '',
  },
  features: '',
};

/** How long a person may type before the model is read again, in milliseconds. */
const PATIENCE = 400;

/** The answers as a request says them. */
function requestOf(path: string, answers: Answers): ImportRequest {
  const { preprocessing, labels, labelsText, output, signature, height, width } = answers;
  const { features, featureList } = answers;
  const size = [Number(height), Number(width)] as [number, number];
  const isSized = size.every((side) => Number.isInteger(side) && side > 0);
  return {
    path,
    ...(preprocessing && { preprocessing }),
    ...(labelsText.trim() ? { labelsText } : labels && { labels }),
    ...(output && { output }),
    ...(signature && { signature }),
    ...(isSized && { size }),
    ...(featureList ? { featureList } : features && { features }),
  };
}

/** The answers that a model was kept with. */
const answersOf = ({ request }: KnownModel): Answers => ({
  ...silent,
  ...{ preprocessing: request.preprocessing ?? '', labels: request.labels ?? '' },
  signature: request.signature ?? '',
  ...{ output: request.output ?? '', features: request.features ?? '' },
  ...(request.size && { height: `${request.size[0]}`, width: `${request.size[1]}` }),
});

/** A model file on its way into the library, or one of the library whose answers are looked at again. */
export class ImportState {
  readonly #source: Source;
  /** The model of the library, where it is one already. */
  readonly known: KnownModel | undefined;
  readonly features: FeaturesState;
  path = $state('');
  answers = $state.raw<Answers>(silent);
  /** Share of the files that is sent; absent when none are on their way. */
  sent = $state<number>();
  isReading = $state(false);
  isTrying = $state(false);
  inspection = $state.raw<Inspection>();
  /** Networks of the file that can be chosen, also where the one that was chosen cannot be read. */
  signatures = $state.raw<readonly string[]>([]);
  look = $state.raw<Look>();
  failure = $state<string>();
  /** Why the photograph could not be tried. */
  lookFailure = $state<string>();
  photograph = $state<string>();
  isTesting = $state(false);
  selfTest = $state.raw<SelfTest>();
  /** Why it could not be tested. */
  testFailure = $state<string>();
  #controller = new AbortController();
  #serial = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #discards: (() => void)[] = [];

  constructor(source: Source, known?: KnownModel) {
    this.#source = source;
    this.features = new FeaturesState(source, this);
    this.known = known;
    if (!known) return;
    this.path = known.path;
    this.answers = answersOf(known);
    void this.#inspect();
  }

  get found(): FoundModel | undefined {
    return this.inspection?.found;
  }

  /** Whether nobody has said yet which of the file's networks is meant, and the file does not tell. */
  get isUnchosen(): boolean {
    return !this.found && this.signatures.length > 0 && this.answers.signature === '';
  }

  get request(): ImportRequest {
    return requestOf(this.path, this.answers);
  }

  /** Whether it can be kept as it is. */
  get isReady(): boolean {
    if (this.failure !== undefined || this.features.wanting !== undefined) return false;
    return this.found?.classifier !== undefined && !this.isReading;
  }

  /** Takes a model, with what was chosen or dropped together with it. */
  async take(chosen: Chosen): Promise<void> {
    if ('path' in chosen) return this.#begin(chosen.path);
    const names = chosen.files.map(placeIn);
    const isFolder = names.some((each) => each.includes('/'));
    if (names.length === 0 || (isFolder && !names.some(isModelFile))) {
      this.failure = `${names[0]?.split('/')[0] ?? 'The folder'} holds no model: choose the model’s own folder or file.`;
      return;
    }
    const paths = await this.#send(chosen.files);
    if (!paths) return;
    const { name } = modelAmong(names.map((each) => ({ name: each })));
    await this.#begin(paths[name]);
    const list = chosen.files.find((file) => placeIn(file).toLowerCase().endsWith('.txt'));
    const isUnnamed = this.found?.classifier?.labels.every((label) => /^class \d+$/.test(label));
    if (list && placeIn(list) !== name && isUnnamed) {
      await this.answer({ labels: paths[placeIn(list)] });
    }
  }

  /** Takes a list of class names. */
  async takeLabels(chosen: Chosen): Promise<void> {
    const labels =
      'path' in chosen ? chosen.path : (await this.#send(chosen.files))?.[chosen.files[0].name];
    if (labels !== undefined) await this.answer({ labels, labelsText: '' });
  }

  /** Says something else of the model, and reads it again. */
  async answer(change: Partial<Answers>, patience = 0): Promise<void> {
    this.answers = { ...this.answers, ...change };
    clearTimeout(this.#timer);
    if (patience === 0) return this.#inspect();
    this.#timer = setTimeout(() => void this.#inspect(), patience);
  }

  /** As `answer`, for what is typed. */
  type(change: Partial<Answers>): void {
    void this.answer(change, PATIENCE);
  }

  /** Runs the model on a photograph. */
  async try(chosen: Chosen): Promise<void> {
    this.lookFailure = undefined;
    this.isTrying = true;
    try {
      const { path, discard } = await pathOf(chosen, () => undefined, this.#controller.signal);
      this.#discards.push(discard);
      this.photograph = path;
      await this.#look();
    } catch (error) {
      this.lookFailure = (error as Error).message;
    } finally {
      this.isTrying = false;
    }
  }

  /** Tests whether the model is read rightly, with these answers. */
  async test(): Promise<void> {
    const { request: model, photograph } = this;
    const serial = this.#serial;
    this.isTesting = true;
    this.#forgetTest();
    try {
      const found = await this.#source.call('model.selfTest', {
        ...{ model, ...(photograph !== undefined && { photograph }) },
      });
      if (serial === this.#serial) this.selfTest = found;
    } catch (error) {
      if (serial === this.#serial) this.testFailure = (error as Error).message;
    } finally {
      this.isTesting = false;
    }
  }

  /** Keeps the model with its answers. @returns whether that could be done */
  async keep(): Promise<boolean> {
    try {
      if (this.known) {
        const { path: _path, ...answers } = this.request;
        await this.#source.call('model.update', { modelId: this.known.id, answers });
      } else await this.#source.call('model.add', this.request);
      return true;
    } catch (error) {
      this.failure = (error as Error).message;
      return false;
    }
  }

  /** Lets go of what was sent and is not kept. */
  close(): void {
    clearTimeout(this.#timer);
    this.#stopTest();
    this.features.close();
    this.#controller.abort(new Error('The import was closed.'));
    for (const discard of this.#discards) discard();
  }

  async #begin(path: string): Promise<void> {
    this.path = path;
    this.answers = { ...this.answers, signature: '' };
    this.signatures = [];
    this.inspection = undefined;
    this.look = undefined;
    await this.#inspect();
  }

  async #send(files: readonly File[]): Promise<Readonly<Record<string, string>> | undefined> {
    this.failure = undefined;
    this.sent = 0;
    try {
      const located = await locate(files, (share) => (this.sent = share), this.#controller.signal);
      this.#discards.push(() => located.discard());
      return located.paths;
    } catch (error) {
      this.failure = (error as Error).message;
      return undefined;
    } finally {
      this.sent = undefined;
    }
  }

  /** What was asked last counts, in whatever order answers come. */
  async #inspect(): Promise<void> {
    const serial = ++this.#serial;
    this.isReading = true;
    this.#stopTest();
    this.#forgetTest();
    try {
      const inspection = await this.#source.call('model.inspect', this.request);
      if (serial !== this.#serial) return;
      this.inspection = inspection;
      this.signatures = inspection.signatures ?? this.signatures;
      this.failure = inspection.problem;
      if (this.photograph && this.found?.classifier) await this.#look();
    } catch (error) {
      if (serial === this.#serial) this.failure = (error as Error).message;
    } finally {
      if (serial === this.#serial) this.isReading = false;
    }
  }

  /** A test of other answers says nothing of these. */
  #stopTest(): void {
    if (!this.isTesting) return;
    this.#source.call('library.stop', { task: testTask(this.path) }).catch(() => undefined);
  }

  #forgetTest(): void {
    this.selfTest = undefined;
    this.testFailure = undefined;
  }

  async #look(): Promise<void> {
    const { request: model, photograph } = this;
    if (photograph === undefined) return;
    try {
      this.look = await this.#source.call('model.try', { model, photograph });
      this.lookFailure = undefined;
    } catch (error) {
      this.look = undefined;
      this.lookFailure = (error as Error).message;
    }
  }
}
