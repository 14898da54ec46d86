import type {
  Engines,
  MachineSettings,
  Settings,
  WorkspaceFacts,
} from '../../src-main/api/settings.ts';
import type { DesktopHost } from '../service.ts';
import type { Source } from '../shell/source.ts';

/** The machine and its workspaces, as the settings show and change them. */
export class MachineState {
  readonly #source: Source;
  readonly #desktop: DesktopHost | undefined;
  readonly #say: (words: string) => void;
  kept = $state.raw<Settings>();
  engines = $state.raw<Engines>();
  workspace = $state.raw<WorkspaceFacts>();
  /** Paths, the last one first; empty in a browser. */
  recent = $state.raw<readonly string[]>([]);
  /** What is chosen and not applied yet. */
  draft = $state.raw<MachineSettings>({});
  /** Why the last wish was refused, in one sentence. */
  failure = $state<string>();

  constructor(source: Source, desktop: DesktopHost | undefined, say: (words: string) => void) {
    this.#source = source;
    this.#desktop = desktop;
    this.#say = say;
  }

  /** Only a window can show another workspace: a browser shows what was served to it. */
  get canSwitch(): boolean {
    return this.#desktop !== undefined;
  }

  /** Whether something was chosen that does not count yet. */
  get isChanged(): boolean {
    const { engine, threads } = this.kept?.settings ?? {};
    return this.draft.engine !== engine || this.draft.threads !== threads;
  }

  /** What the file of settings has to say at a start, if anything. */
  async check(): Promise<void> {
    this.kept = await this.#source.call('settings.get', {}).catch(() => undefined);
    this.draft = this.kept?.settings ?? {};
  }

  async load(): Promise<void> {
    try {
      const [engines, workspace, recent] = await Promise.all([
        this.#source.call('engines.list', {}),
        this.#source.call('workspace.get', {}),
        this.#desktop?.recentWorkspaces() ?? [],
        this.check(),
      ]);
      Object.assign(this, { engines, workspace, recent, failure: undefined });
    } catch (error) {
      this.failure = (error as Error).message;
    }
  }

  choose(change: MachineSettings): void {
    const { engine, threads } = { ...this.draft, ...change };
    this.draft = {
      ...(engine !== undefined && { engine }),
      ...(threads !== undefined && { threads }),
    };
  }

  async apply(): Promise<void> {
    try {
      this.kept = await this.#source.call('settings.set', this.draft);
      this.failure = undefined;
      this.#say('Settings kept');
    } catch (error) {
      this.failure = (error as Error).message;
    }
  }

  /** Asks for a folder, or opens one that was open before. The page is loaded anew with it. */
  openWorkspace(what: 'open' | 'new' | string): void {
    void this.#desktop?.openWorkspace(what);
  }
}
