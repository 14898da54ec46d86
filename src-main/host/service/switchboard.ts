import type { Line } from '../../api/wire.ts';
import { push } from '../../studio/door.ts';
import type { Supervisor } from './supervisor.ts';

/** Connects pages with the service. It passes messages on; only how the service is comes from the host itself. */
export class Switchboard {
  readonly #supervisor: Supervisor;
  readonly #pages = new Map<number, Line>();
  #serial = 0;

  constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor;
    supervisor.onMessage = ({ page, message }) => {
      if (page === undefined) this.#tellAll(message);
      else this.#pages.get(page)?.send(message);
    };
    supervisor.onState = (state) => this.#tellAll(push('service', state));
  }

  /** A page comes. @returns lets it go */
  connect(line: Line): () => void {
    const page = this.#serial++;
    this.#pages.set(page, line);
    const stop = line.listen((message) => this.#supervisor.send({ page, message }));
    line.send(push('service', this.#supervisor.state));
    return () => {
      stop();
      this.#pages.delete(page);
    };
  }

  #tellAll(message: unknown): void {
    for (const line of this.#pages.values()) line.send(message);
  }
}
