import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What keeps other pages and other people of the same machine out of the studio. */
export interface Door {
  /** The server's own address, such as `127.0.0.1:4571`. */
  readonly host: string;
  /** Drawn anew for every start. */
  readonly token: string;
}

/** Name of the cookie; the port keeps two studios apart, for browsers do not. */
const cookieName = (door: Door): string => `eidoscope-${door.host.split(':').at(-1)}`;

const equal = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** Another name for this machine in `Host` means that a foreign page reached us by its own name (DNS rebinding). */
export function isForeign(door: Door, request: IncomingMessage): boolean {
  const { host, origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const elsewhere = site === 'cross-site' || site === 'same-site';
  const opened = request.headers['sec-fetch-mode'] === 'navigate';
  return (
    host !== door.host ||
    (origin !== undefined && origin !== `http://${door.host}`) ||
    (elsewhere && !opened)
  );
}

/** Whether the request brings the token: in its cookie, or as the desktop window does in its authorisation. */
export function isKnown(door: Door, request: IncomingMessage): boolean {
  const { cookie = '', authorization = '' } = request.headers;
  const wanted = `${cookieName(door)}=${door.token}`;
  const offered = [...cookie.split(';').map((part) => part.trim()), authorization];
  return offered.some((one) => equal(one, wanted) || equal(one, `Bearer ${door.token}`));
}

/** Whether the link that the program printed was opened. */
export function opensWithLink(door: Door, url: URL): boolean {
  return equal(url.searchParams.get('token') ?? '', door.token);
}

/** Keeps the token where scripts cannot read it, for this site only. */
export const cookieOf = (door: Door): string =>
  `${cookieName(door)}=${door.token}; HttpOnly; SameSite=Strict; Path=/`;
