import type { EventName, EventOf } from '../api/contract.ts';

/** Tells every page of an event. */
export type Announce = <E extends EventName>(event: E, value: EventOf<E>) => void;
