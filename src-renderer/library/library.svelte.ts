import { SvelteMap } from 'svelte/reactivity';
import type { EventOf } from '../../src-main/api/contract.ts';
import { addTask, countTask, type Match, type Weight } from '../../src-main/api/library.ts';
import type { AuditSummary, KnownModel } from '../../src-main/api/studio.ts';
import { desktop } from '../service.ts';
import { Answers } from '../shell/answers.svelte.ts';
import type { Source } from '../shell/source.ts';
import { modelAmong } from '../../src-main/api/formats.ts';
import { capital, mediumOf, type Medium } from '../../src-main/api/medium.ts';
import { chooseFile, type Chosen, type Dropped } from './files.ts';
import { pathOf } from './upload.ts';
import { filesOf, modelIn, type Folder, type ModelFolder } from './folder.ts';
import { ImportState } from './import.svelte.ts';

/** What a person is asked before it is done. */
export interface Question {
  readonly title: string;
  readonly text: string;
  readonly act: string;
  readonly run: () => Promise<unknown>;
}

const isTable = (path: string): boolean => path.toLowerCase().endsWith('.csv');

/** A folder of photographs, or a file of rows, on its way into the library. */
export interface Adding {
  readonly path: string;
  readonly hint?: string;
}

/** The library: what is being imported, asked or counted. */
export class LibraryState {
  readonly #source: Source;
  readonly #say: (words: string) => void;
  /** How each image set goes with the models. */
  readonly matches: Answers<Match[]>;
  /** How far the tasks are that are under way, by their names. */
  readonly tasks = new SvelteMap<string, EventOf<'library.progress'>>();
  importing = $state.raw<ImportState>();
  adding = $state.raw<Adding>();
  question = $state.raw<Question>();
  renaming = $state.raw<AuditSummary | KnownModel>();
  isBusy = $state(false);
  failure = $state<string>();

  constructor(source: Source, say: (words: string) => void) {
    this.#source = source;
    this.#say = say;
    this.matches = new Answers((imageSetId) => source.call('imageSet.get', { imageSetId }));
  }

  /** Follows the service. @returns stops it */
  connect(): () => void {
    const ends = [
      this.#source.on('library.progress', (progress) => this.tasks.set(progress.task, progress)),
      this.#source.on('studio.changed', () => this.#renewMatches()),
      this.#source.on('service', ({ state }) => state === 'down' && this.tasks.clear()),
    ];
    return () => ends.forEach((end) => end());
  }

  get isEmpty(): boolean {
    const studio = this.#source.studio;
    return !studio || studio.models.length + studio.imageSets.length + studio.audits.length === 0;
  }

  get isReadOnly(): boolean {
    return this.#source.studio?.workspace.readOnly !== undefined;
  }

  /** On the desktop the file is asked for first; in a browser a path may be typed in its place. */
  async importModel(): Promise<void> {
    if (!desktop) {
      this.importing = new ImportState(this.#source);
      return;
    }
    const chosen = await chooseFile('model');
    if (!chosen) return;
    this.importing = new ImportState(this.#source);
    await this.importing.take(chosen);
  }

  open(model: KnownModel): void {
    this.importing = new ImportState(this.#source, model);
  }

  async keepImport(): Promise<void> {
    const { importing } = this;
    if (!importing || !(await importing.keep())) return;
    this.#say(importing.known ? 'Answers kept' : 'Model imported');
    this.closeImport();
  }

  closeImport(): void {
    this.importing?.close();
    this.importing = undefined;
  }

  /** What its models take and its sets are of. */
  get medium(): Medium {
    const { models = [], imageSets = [] } = this.#source.studio ?? {};
    return mediumOf([...models, ...imageSets]);
  }

  /** Where there are images alone, the desktop asks for a folder at once. */
  async addPhotographs(): Promise<void> {
    this.failure = undefined;
    if (desktop && this.medium === 'images') return this.addFolder();
    this.adding = { path: '' };
  }

  /** On the desktop. */
  async addFolder(): Promise<void> {
    const path = await desktop?.choose('folder');
    if (path !== undefined) await this.add(path);
  }

  /** Lets a person choose a CSV file of rows; a browser sends it to the workspace. */
  async addRows(chosen?: Chosen): Promise<void> {
    const from = chosen ?? (await chooseFile('rows'));
    if (!from) return;
    this.adding = { path: '' };
    const { signal } = new AbortController();
    await this.#work(async () => {
      const { path, discard } = await pathOf(from, () => undefined, signal);
      await this.#keepSet(path).finally(discard);
    });
  }

  /** Reads a folder of photographs, or a file of rows. */
  async add(path: string): Promise<void> {
    this.adding = { path };
    await this.#work(() => this.#keepSet(path));
    this.tasks.delete(addTask(path));
  }

  async #keepSet(path: string): Promise<void> {
    const { isNew } = await this.#source.call('imageSet.add', { path });
    this.adding = undefined;
    const what = isTable(path) ? 'rows' : 'photographs';
    this.#say(isNew ? `${capital(what)} added` : `These ${what} are in the library already`);
  }

  stopAdding(): void {
    if (this.isBusy && this.adding) this.stop(addTask(this.adding.path));
    this.adding = undefined;
    this.failure = undefined;
  }

  /** Counts what a model predicts of a set. */
  async count(imageSetId: number, modelId: number): Promise<void> {
    const task = countTask(imageSetId, modelId);
    this.tasks.set(task, { task, done: 0, total: 0 });
    try {
      await this.#source.call('imageSet.count', { imageSetId, modelId });
      this.#say('Counted');
    } catch (error) {
      this.#say((error as Error).message);
    } finally {
      this.tasks.delete(task);
      this.matches.renew(imageSetId);
    }
  }

  stop(task: string): void {
    void this.#source.call('library.stop', { task });
  }

  /** Something was dropped on the window. */
  async drop({ folders, images, others }: Dropped): Promise<void> {
    if (folders.length > 0) return this.#dropFolder(folders[0], others);
    const { importing } = this;
    if (importing?.found && images.length > 0) return importing.try({ files: images });
    const files = others.length > 0 ? others : images;
    if (files.length === 0) return;
    if (files.every((file) => isTable(file.name))) return this.#dropTable(files);
    const { name } = modelAmong(files);
    const isList = /\.(txt|json)$/i.test(name) && name !== 'model.json';
    if (importing?.found && isList) return importing.takeLabels({ files });
    this.closeImport();
    this.importing = new ImportState(this.#source);
    await this.importing.take({ files });
  }

  /** Of a model of a table that is looked at, it tells the features; otherwise it is rows. */
  async #dropTable(files: readonly File[]): Promise<void> {
    const { importing } = this;
    if (importing?.features.isAsked) return importing.features.takeTable({ files });
    this.closeImport();
    return this.addRows({ files });
  }

  /** A folder is a model, by what lies in it, or holds photographs. */
  async #dropFolder(folder: Folder, beside: readonly File[]): Promise<void> {
    this.closeImport();
    try {
      const model = await modelIn(folder);
      if (model) return await this.#importFolder(folder, model, beside);
    } catch (error) {
      return this.#say((error as Error).message);
    }
    if (desktop) return this.add(desktop.pathOf(folder.file));
    const hint = `A browser does not tell where the folder “${folder.file.name}” lies: type its path.`;
    this.adding = { path: '', hint };
  }

  async #importFolder(folder: Folder, model: ModelFolder, beside: readonly File[]): Promise<void> {
    const importing = new ImportState(this.#source);
    this.importing = importing;
    if (desktop) return importing.take({ path: `${desktop.pathOf(folder.file)}${model.main}` });
    try {
      await importing.take({ files: [...(await filesOf(model)), ...beside] });
    } catch (error) {
      importing.failure = (error as Error).message;
    }
  }

  /** Does something that may fail, one at a time. @returns whether it was done */
  async #work(what: () => Promise<unknown>): Promise<boolean> {
    this.isBusy = true;
    this.failure = undefined;
    try {
      await what();
      return true;
    } catch (error) {
      this.failure = (error as Error).message;
      return false;
    } finally {
      this.isBusy = false;
    }
  }

  ask(question: Question): void {
    this.failure = undefined;
    this.question = question;
  }

  /** Does what was asked. */
  async confirm(): Promise<void> {
    const { question } = this;
    if (question && (await this.#work(question.run))) this.question = undefined;
  }

  async rename(name: string): Promise<void> {
    const { renaming } = this;
    if (!renaming) return;
    const { id } = renaming;
    const done = await this.#work(() =>
      'request' in renaming
        ? this.#source.call('model.update', { modelId: id, name })
        : this.#source.call('audit.rename', { auditId: id, name }),
    );
    if (done) this.renaming = undefined;
  }

  weigh(auditId: number): Promise<Weight> {
    return this.#source.call('audit.weigh', { auditId });
  }

  #renewMatches(): void {
    for (const { id } of this.#source.studio?.imageSets ?? []) this.matches.renew(id);
  }
}
