import fs from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { ServiceError } from '../api/wire.ts';

/** Bytes of the largest file that is read: what is kept here is a handful of values. */
const MAX_BYTES = 2 ** 20;

/**
 * The folder in which a person's settings lie, as their system wants it: XDG's on Linux, Application Support on macOS,
 * AppData on Windows. `EIDOSCOPE_CONFIG` names another one.
 */
export function configFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const { EIDOSCOPE_CONFIG, XDG_CONFIG_HOME, APPDATA } = environment;
  if (EIDOSCOPE_CONFIG) return EIDOSCOPE_CONFIG;
  const home = homedir();
  if (platform === 'win32') {
    return join(APPDATA || join(home, 'AppData', 'Roaming'), 'Eidoscope');
  }
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Eidoscope');
  return join(XDG_CONFIG_HOME || join(home, '.config'), 'eidoscope');
}

export interface Kept<T> {
  readonly value: T;
  /** Why the value is the usual one and not the file's, in one sentence. */
  readonly problem?: string;
}

interface Content {
  readonly version?: unknown;
}

/** A few values in a JSON file that bears the version of its form. Nothing that it cannot read is ever deleted. */
export class KeptFile<T extends object> {
  readonly path: string;
  readonly #schema: z.ZodType<T>;
  readonly #usual: T;
  readonly #version: number;

  constructor(path: string, schema: z.ZodType<T>, usual: T, version = 1) {
    this.path = path;
    this.#schema = schema;
    this.#usual = usual;
    this.#version = version;
  }

  /** @returns what is kept, or what is usual and why; a file that is not there is no problem */
  read(): Kept<T> {
    try {
      const content = this.#content();
      if (content === undefined) return { value: this.#usual };
      if (this.#isNewer(content)) return this.#without('was written by a newer Eidoscope');
      const { version: _, ...values } = content;
      return { value: this.#schema.parse(values) };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return this.#without(code ? `cannot be read (${code})` : 'is damaged');
    }
  }

  /**
   * Replaces what is kept, all or nothing. A damaged file is moved aside.
   * @throws ServiceError in one sentence: the folder cannot be written to, or the file is a newer Eidoscope's
   */
  write(value: T): void {
    if (this.#isNewersFile()) {
      throw new ServiceError(
        'bad-state',
        `${this.path} was written by a newer Eidoscope: update Eidoscope, or move that file away.`,
      );
    }
    const text = `${JSON.stringify({ version: this.#version, ...value }, null, 2)}\n`;
    const unfinished = `${this.path}.${process.pid}.unfinished`;
    try {
      fs.mkdirSync(dirname(this.path), { recursive: true });
      fs.writeFileSync(unfinished, text);
      if (this.read().problem !== undefined) fs.renameSync(this.path, this.#asideName());
      fs.renameSync(unfinished, this.path);
    } catch (error) {
      fs.rmSync(unfinished, { force: true });
      throw unwritable(this.path, error);
    }
  }

  #content(): Content | undefined {
    if (!fs.existsSync(this.path)) return undefined;
    if (fs.statSync(this.path).size > MAX_BYTES) throw new Error('too large');
    return z
      .looseObject({ version: z.int() })
      .parse(JSON.parse(fs.readFileSync(this.path, 'utf8')));
  }

  #isNewer({ version }: Content): boolean {
    return typeof version === 'number' && version > this.#version;
  }

  #isNewersFile(): boolean {
    try {
      return this.#isNewer(this.#content() ?? {});
    } catch {
      return false;
    }
  }

  #without(why: string): Kept<T> {
    const problem = `The file ${this.path} ${why}, so the usual settings are used; it is left as it is.`;
    return { value: this.#usual, problem };
  }

  #asideName(): string {
    const stem = join(dirname(this.path), basename(this.path, '.json'));
    const names = Array.from({ length: 1000 }, (_, at) => `${stem}.damaged-${at + 1}.json`);
    return names.find((name) => !fs.existsSync(name)) ?? `${stem}.damaged-${Date.now()}.json`;
  }
}

function unwritable(path: string, error: unknown): ServiceError {
  const { code } = error as NodeJS.ErrnoException;
  const message = `The settings cannot be kept in ${path} (${code ?? (error as Error).message}): make that folder writable, or name another one in EIDOSCOPE_CONFIG.`;
  return new ServiceError('bad-state', message, { cause: error });
}
