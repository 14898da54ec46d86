import type { EventOf } from '../../api/contract.ts';
import { ServiceError } from '../../api/wire.ts';
import type { FromService, ToService } from './envelope.ts';
import type { ServiceProcess } from './node-process.ts';

export type ServiceState = EventOf<'service'>;

/** Waits between an end and the next start, in milliseconds: doubled each time, and short again after a good while. */
const FIRST_WAIT = 250;
const LONGEST_WAIT = 30_000;
const GOOD_WHILE = 60_000;

/** How long a service may take to end in order, in milliseconds. */
const PATIENCE = 8000;

const RESTARTS =
  'The studio’s service takes over new settings; work under way goes on in a moment, and nothing is lost.';
const ENDED = 'The studio’s service has ended unexpectedly; it is being started again.';

/** @param words what it wrote to standard error last */
const cannotStart = (words: string): string =>
  `The studio’s service cannot start: ${words || 'it ended without a word'}`;

/** Keeps a service running: starts it, and starts it again when it ends, whatever ended it. */
export class Supervisor {
  #spawn: () => ServiceProcess;
  #process: ServiceProcess | undefined;
  #state: ServiceState = { state: 'starting' };
  #wait = FIRST_WAIT;
  #readyAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #restarting = false;
  /** Told of what the service says to pages, and of how it is. */
  onMessage: (message: Extract<FromService, { message: unknown }>) => void = () => undefined;
  onState: (state: ServiceState) => void = () => undefined;

  constructor(spawn: () => ServiceProcess) {
    this.#spawn = spawn;
  }

  get state(): ServiceState {
    return this.#state;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Starts the service for the first time, or again after a failure to do so. @throws ServiceError with the service's own sentence when it cannot start */
  async start(): Promise<void> {
    this.#stopped = false;
    const failure = await this.#begin();
    if (failure !== undefined) {
      this.#stopped = true;
      clearTimeout(this.#timer);
      throw new ServiceError('workspace', failure);
    }
  }

  send(message: ToService): void {
    if (this.#state.state === 'ready') this.#process?.send(message);
  }

  /** Ends the service in order and starts it again at once. */
  async restart(): Promise<void> {
    if (this.#stopped || this.#restarting) return;
    if ((await this.#replace(RESTARTS)) !== undefined) this.#startLater();
  }

  /**
   * Starts another service in this one's place, such as that of another workspace. Where that cannot start, this one
   * is started again.
   * @throws ServiceError with the other service's own sentence
   */
  async become(spawn: () => ServiceProcess, message: string): Promise<void> {
    const before = this.#spawn;
    this.#spawn = spawn;
    const failure = await this.#replace(message);
    if (failure === undefined) return;
    this.#spawn = before;
    await this.restart();
    throw new ServiceError('workspace', failure);
  }

  /** Ends the service in order; it is not started again. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#end();
  }

  /** @returns why the new one cannot start, if so */
  async #replace(message: string): Promise<string | undefined> {
    this.#restarting = true;
    clearTimeout(this.#timer);
    this.#change({ state: 'down', message });
    await this.#end();
    const failure = await this.#begin();
    this.#restarting = false;
    if (failure !== undefined) this.#change({ state: 'down', message: failure });
    return failure;
  }

  async #end(): Promise<void> {
    const child = this.#process;
    if (!child) return;
    const impatience = setTimeout(() => child.kill(), PATIENCE);
    await new Promise<void>((resolve) => {
      child.onExit(() => resolve());
      child.stop();
    });
    clearTimeout(impatience);
  }

  /** @returns once it is ready, or why it ended before that */
  #begin(): Promise<string | undefined> {
    const child = this.#spawn();
    this.#process = child;
    this.#change({ state: 'starting' });
    return new Promise((resolve) => {
      let failed: string | undefined;
      child.onMessage((heard) => {
        const message = heard as FromService;
        if ('message' in message) return this.onMessage(message);
        if ('failed' in message) return void (failed = message.failed);
        if ('restart' in message) return void this.restart();
        this.#readyAt = performance.now();
        this.#change({ state: 'ready' });
        resolve(undefined);
      });
      child.onExit((words) => {
        this.#ended(failed);
        resolve(failed ?? cannotStart(words));
      });
    });
  }

  #ended(failed: string | undefined): void {
    this.#process = undefined;
    if (this.#restarting) return;
    const wasReady = this.#state.state === 'ready';
    this.#change({ state: 'down', message: failed ?? ENDED });
    if (this.#stopped) return;
    if (wasReady && performance.now() - this.#readyAt > GOOD_WHILE) this.#wait = FIRST_WAIT;
    this.#startLater();
  }

  #startLater(): void {
    this.#timer = setTimeout(() => void (this.#stopped || this.#begin()), this.#wait);
    this.#wait = Math.min(LONGEST_WAIT, 2 * this.#wait);
  }

  #change(state: ServiceState): void {
    this.#state = state;
    this.onState(state);
  }
}
