import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Line } from '../../api/wire.ts';
import type { Switchboard } from '../service/switchboard.ts';
import { isForeign, isKnown, type Door } from './door.ts';

/** Where pages open their socket. */
const PATH = '/line';

/** Bytes of the largest message that a page may send: a list of classes is long, a picture is never sent. */
const MAX_BYTES = 2 ** 20;

/** Milliseconds after which a page that does not answer is let go: a tunnel may break without a word. */
const HEARTBEAT = 30_000;

/** Lets pages of our own onto the line to the service. @returns closes all sockets */
export function serveSockets(server: Server, door: Door, switchboard: Switchboard): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_BYTES });
  server.on('upgrade', (request, stream, head) => {
    if (!mayEnter(door, request)) return refuse(stream);
    sockets.handleUpgrade(request, stream, head, (socket) => serve(socket, switchboard));
  });
  return () => {
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
  };
}

const mayEnter = (door: Door, request: IncomingMessage): boolean =>
  request.url === PATH && !isForeign(door, request) && isKnown(door, request);

function refuse(stream: Duplex): void {
  stream.on('error', () => undefined);
  stream.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}

function serve(socket: WebSocket, switchboard: Switchboard): void {
  const leave = switchboard.connect(lineOver(socket));
  let answered = true;
  const heartbeat = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, HEARTBEAT);
  socket.on('pong', () => (answered = true));
  // What breaks a socket closes it too.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    clearInterval(heartbeat);
    leave();
  });
}

/** Messages are JSON; what is none is no call, and closes the socket. */
function lineOver(socket: WebSocket): Line {
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    listen(hear) {
      const listener = (data: Buffer): void => {
        const message = parsed(data.toString());
        if (message === undefined) socket.close(1007);
        else hear(message);
      };
      socket.on('message', listener);
      return () => socket.off('message', listener);
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
