import { ServiceError } from '../api/wire.ts';
import type { Handlers } from './door.ts';

/** A call that changes nothing in the workspace is told by its last word. */
const reading = /\.(get|list|inspect|preview|estimate|search|read|find)$/;

/** Settings are the machine's, not the workspace's. */
export const onlyReads = (call: string): boolean => reading.test(call) || call === 'settings.set';

/** The same answers, but for calls that would write: those are refused. @param why one sentence */
export function refusingWrites(handlers: Handlers, why: string): Handlers {
  const refuse = (): never => {
    throw new ServiceError('workspace', why);
  };
  const entries = Object.entries(handlers).map(([call, handle]) => [
    call,
    onlyReads(call) ? handle : refuse,
  ]);
  return Object.fromEntries(entries) as Handlers;
}
