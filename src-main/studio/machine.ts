import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { machineSettingsSchema, type MachineSettings, type Settings } from '../api/settings.ts';
import { ServiceError } from '../api/wire.ts';
import { engineChoice } from '../engine/choices.ts';
import { configFolder, KeptFile } from './kept-file.ts';

/** What this machine computes with: as settings say it, as the command line overrules it. */
export class Machine {
  readonly #file: KeptFile<MachineSettings>;
  readonly #given: MachineSettings;
  readonly #restart: () => void;

  /**
   * @param given what the command line said, which wins
   * @param restart starts the service anew, so that other settings count
   */
  constructor(given: MachineSettings = {}, restart: () => void = () => undefined) {
    const path = join(configFolder(), 'settings.json');
    this.#file = new KeptFile(path, machineSettingsSchema, {});
    this.#given = given;
    this.#restart = restart;
  }

  get settings(): Settings {
    const { value: settings, problem } = this.#file.read();
    const { engine } = settings;
    const unknown =
      engine !== undefined && !engineChoice(engine)
        ? `The settings ask for the engine ${engine}, which this Eidoscope does not know, so the processor computes.`
        : undefined;
    return { settings, given: this.#given, path: this.#file.path, problem: problem ?? unknown };
  }

  /** What counts: the command line first, then the settings. */
  get wanted(): MachineSettings {
    return { ...this.#file.read().value, ...this.#given };
  }

  /** @throws ServiceError in one sentence: no such engine, too many threads, or a file that cannot be written */
  change(settings: MachineSettings): Settings {
    const { engine, threads } = settings;
    if (engine !== undefined && !engineChoice(engine)) {
      throw new ServiceError('bad-input', `There is no engine ${engine}: choose one of the list.`);
    }
    const most = availableParallelism();
    if (threads !== undefined && threads > most) {
      throw new ServiceError(
        'bad-input',
        `This machine runs ${most} threads at once: choose 1 to ${most}.`,
      );
    }
    const before = JSON.stringify(sorted(this.wanted));
    this.#file.write(settings);
    // After the answer has left.
    if (JSON.stringify(sorted(this.wanted)) !== before) setImmediate(this.#restart);
    return this.settings;
  }
}

const sorted = ({ engine, threads }: MachineSettings): unknown[] => [engine, threads];
