import {
  calls,
  events,
  isEvent,
  type Call,
  type EventName,
  type EventOf,
  type Input,
  type Output,
} from './contract.ts';
import { messageSchema, ServiceError, type Line, type Message } from './wire.ts';

interface Waiting {
  readonly call: Call;
  resolve(output: unknown): void;
  reject(error: ServiceError): void;
}

type Listener = (value: never) => void;

const MISMATCH = 'The service and this page are of different versions: build both again.';
const DOWN = 'The studio’s service has ended; it is being started again.';

/**
 * The page's end of the contract. Calls that are made while the service starts wait for it; when it ends, those under
 * way fail with `service-down`.
 */
export class StudioClient {
  readonly #line: Line;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<EventName, Set<Listener>>();
  readonly #stop: () => void;
  #unsent: unknown[] = [];
  #service: EventOf<'service'> = { state: 'starting' };
  #serial = 0;

  constructor(line: Line) {
    this.#line = line;
    this.#stop = line.listen((message) => this.#hear(message));
  }

  /** Whether the service is there, as far as is known. */
  get service(): EventOf<'service'> {
    return this.#service;
  }

  /** @throws ServiceError with a code and one sentence */
  async call<C extends Call>(call: C, input: Input<C>): Promise<Output<C>> {
    const checked = calls[call].input.safeParse(input);
    if (!checked.success) {
      throw new ServiceError('bad-request', `${call}: ${checked.error.issues[0].message}.`);
    }
    if (this.#service.state === 'down') throw this.#down();
    return new Promise((resolve, reject) => {
      const id = this.#serial++;
      this.#waiting.set(id, { call, resolve: resolve, reject });
      this.#send({ id, call, input: checked.data });
    });
  }

  /** Listens to an event. @returns stops listening */
  on<E extends EventName>(event: E, listener: (value: EventOf<E>) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /** Stops listening to the line; what is still asked for fails. */
  close(): void {
    this.#stop();
    this.#fail();
  }

  #send(request: unknown): void {
    if (this.#service.state === 'ready') this.#line.send(request);
    else this.#unsent.push(request);
  }

  #hear(heard: unknown): void {
    const message = messageSchema.safeParse(heard);
    if (!message.success) return;
    if ('event' in message.data) this.#tell(message.data.event, message.data.value);
    else this.#settle(message.data);
  }

  #settle(message: Exclude<Message, { event: string }>): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (!waiting) return;
    if ('failure' in message) {
      const { code, message: sentence } = message.failure;
      return waiting.reject(new ServiceError(code, sentence));
    }
    const output = calls[waiting.call].output.safeParse(message.output);
    if (output.success) waiting.resolve(output.data);
    else waiting.reject(new ServiceError('version', MISMATCH, { cause: output.error }));
  }

  /** An event that this page does not know is one of a newer service; it can do without. */
  #tell(name: string, heard: unknown): void {
    if (!isEvent(name)) return;
    const value = events[name].safeParse(heard);
    if (!value.success) return;
    if (name === 'service') this.#follow(value.data as EventOf<'service'>);
    for (const listener of this.#listeners.get(name) ?? []) listener(value.data as never);
  }

  #follow(service: EventOf<'service'>): void {
    this.#service = service;
    if (service.state === 'down') this.#fail();
    if (service.state !== 'ready') return;
    for (const request of this.#unsent) this.#line.send(request);
    this.#unsent = [];
  }

  #fail(): void {
    const error = this.#down();
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
    this.#unsent = [];
  }

  #down(): ServiceError {
    return new ServiceError('service-down', this.#service.message ?? DOWN);
  }
}
