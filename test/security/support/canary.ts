import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';

/** A place outside the studio, which tells whether anything ever reached it. */
export interface Canary {
  readonly origin: string;
  /** Port that listens for datagrams, as WebRTC sends. */
  readonly datagrams: number;
  /** What arrived, by the names that `attempts.ts` gives it. */
  readonly arrivals: Set<string>;
  close(): void;
}

/** Answers every address with an empty page without any policy, and scripts with an empty script. */
export async function openCanary(): Promise<Canary> {
  const arrivals = new Set<string>();
  const arrive = (address = '/'): unknown => arrivals.add(address.slice(1));
  const server = createServer((request, response) => {
    arrive(request.url);
    const type = request.url?.endsWith('.js') ? 'text/javascript' : 'text/html';
    response.writeHead(200, { 'Content-Type': type, 'Access-Control-Allow-Origin': '*' });
    response.end();
  });
  const socket = createSocket('udp4').on('message', () => arrive('/peer'));
  server.on('upgrade', (request, stream) => {
    arrive(request.url);
    stream.destroy();
  });
  server.listen(0, '127.0.0.1');
  socket.bind(0, '127.0.0.1');
  await Promise.all([once(server, 'listening'), once(socket, 'listening')]);
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    datagrams: socket.address().port,
    arrivals,
    close() {
      socket.close();
      server.close();
      server.closeAllConnections();
    },
  };
}
