import { formatSight, parseSight, type Sight } from '../shell/address.ts';

const KEY = 'eidoscope.reference';

interface Pinned {
  readonly auditId: number;
  readonly name: string;
}

/** @returns what was pinned in this window before it was loaded again */
function remembered(): Pinned | undefined {
  const [auditId, name] = sessionStorage.getItem(KEY)?.split(' ') ?? [];
  return name === undefined ? undefined : { auditId: Number(auditId), name };
}

/** What everything else is compared with: of one audit, and for as long as the window is open. */
export class Reference {
  #pinned = $state.raw(remembered());

  of(auditId: number | undefined): Sight | undefined {
    return this.#pinned?.auditId === auditId ? parseSight(this.#pinned?.name ?? '') : undefined;
  }

  pin(auditId: number, sight: Sight | undefined): void {
    this.#pinned = sight && { auditId, name: formatSight(sight) };
    if (sight) sessionStorage.setItem(KEY, `${auditId} ${formatSight(sight)}`);
    else sessionStorage.removeItem(KEY);
  }
}
