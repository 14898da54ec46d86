import { WebSocket } from 'ws';
import { StudioClient } from '../../api/client.ts';
import type { EventName, EventOf } from '../../api/contract.ts';
import type { Line } from '../../api/wire.ts';

/** A page without a browser: opens its socket as a page would, and is closed by its test. */
export class TestPage {
  readonly client: StudioClient;
  readonly socket: WebSocket;

  constructor(origin: string, token: string) {
    this.socket = new WebSocket(`${origin.replace('http', 'ws')}/line`, {
      headers: { authorization: `Bearer ${token}` },
      // As in a browser, what waits for one message goes on before the next is heard.
      allowSynchronousEvents: false,
    });
    const line: Line = {
      send: (message) => this.socket.send(JSON.stringify(message)),
      listen: (hear) => {
        this.socket.on('message', (data: Buffer) => hear(JSON.parse(data.toString())));
        return () => undefined;
      },
    };
    this.client = new StudioClient(line);
  }

  /** The next event that is as wanted. */
  until<E extends EventName>(
    event: E,
    wanted: (value: EventOf<E>) => boolean,
  ): Promise<EventOf<E>> {
    return new Promise((resolve) => {
      const end = this.client.on(event, (value) => {
        if (!wanted(value)) return;
        end();
        resolve(value);
      });
    });
  }

  close(): void {
    this.socket.terminate();
    this.client.close();
  }
}
