import type { Connection, Row } from './connection.ts';

/** What a reviewer thinks of a prototype, or of several pictures together. */
export interface Mark {
  readonly state: 'unreviewed' | 'concern' | 'cleared';
  /** 0 … 5; null where none is given. */
  readonly severity: number | null;
  readonly note: string;
}

/**
 * Whether names and figures could be seen when the first reading was written down: always (`named`), not before
 * (`blind`), or because the reviewer asked for them first (`revealed`).
 */
export type Reading = 'named' | 'blind' | 'revealed';

export interface FindingRecord {
  /** Names of the pictures, as addresses write them (api/sight.ts), in one order; a prototype's is its run's id. */
  readonly sights: readonly string[];
  readonly mark: Mark;
  readonly reading: Reading;
  readonly reviewedAt: string;
}

/** A finding about one prototype alone. */
export interface ReviewRecord extends FindingRecord {
  readonly runId: number;
}

/** What the review of an audit is about, in the reviewer's words. */
export interface Scope {
  readonly title: string;
  readonly question: string;
  readonly reviewer: string;
  /** Whether names and figures are hidden before the first reading. */
  readonly blind: boolean;
}

const noScope: Scope = { title: '', question: '', reviewer: '', blind: false };

const collator = new Intl.Collator('en', { numeric: true });

/** One key for the same pictures in any order. */
const keyOf = (sights: readonly string[]): string =>
  [...new Set(sights)].sort(collator.compare).join(',');

const recordOf = (row: Row): FindingRecord => ({
  sights: (row.sights as string).split(','),
  mark: {
    state: row.state as Mark['state'],
    severity: row.severity as number | null,
    note: row.note as string,
  },
  reading: row.reading as Reading,
  reviewedAt: row.reviewed_at as string,
});

/** Whether nothing is written down. */
const isBlank = ({ state, severity, note }: Mark): boolean =>
  state === 'unreviewed' && severity === null && note === '';

const WORST_FIRST = { concern: 0, unreviewed: 1, cleared: 2 } as const;

/** Concerns before remarks before what was cleared, each by falling severity; then in the order of the pictures. */
function worstFirst(a: FindingRecord, b: FindingRecord): number {
  return (
    WORST_FIRST[a.mark.state] - WORST_FIRST[b.mark.state] ||
    (b.mark.severity ?? -1) - (a.mark.severity ?? -1) ||
    collator.compare(a.sights.join(), b.sights.join())
  );
}

export class ReviewReader {
  protected readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** @param sights of one prototype, or of two to four pictures in any order */
  get(auditId: number, sights: readonly string[]): FindingRecord | undefined {
    const row = this.connection.get(
      'SELECT * FROM reviews WHERE audit_id = :auditId AND sights = :sights',
      { auditId, sights: keyOf(sights) },
    );
    return row && recordOf(row);
  }

  /** All that an audit's reviewers did, worst first: findings, marks that were taken back, and names revealed. */
  all(auditId: number): FindingRecord[] {
    return this.connection
      .all('SELECT * FROM reviews WHERE audit_id = :auditId', { auditId })
      .map(recordOf)
      .sort(worstFirst);
  }

  /** All that is written down about an audit: of prototypes and of comparisons, the worst first. */
  findings(auditId: number): FindingRecord[] {
    return this.all(auditId).filter(({ mark }) => !isBlank(mark));
  }

  /** The marks of an audit's prototypes, in the order of their planning. */
  list(auditId: number): ReviewRecord[] {
    return this.findings(auditId)
      .filter(({ sights: [first, second] }) => second === undefined && /^\d+$/.test(first))
      .map((finding) => ({ ...finding, runId: Number(finding.sights[0]) }))
      .sort((a, b) => a.runId - b.runId);
  }

  scope(auditId: number): Scope {
    const row = this.connection.get('SELECT * FROM scopes WHERE audit_id = :auditId', { auditId });
    if (!row) return noScope;
    const { title, question, reviewer } = row as unknown as Scope;
    return { title, question, reviewer, blind: row.blind === 1 };
  }
}

export class Reviews extends ReviewReader {
  /** Marks a prototype, or several pictures together, in the place of the mark before. */
  set(
    auditId: number,
    sights: readonly string[],
    { state, severity, note }: Mark,
    reading: Reading = 'named',
  ): FindingRecord {
    const key = keyOf(sights);
    const reviewedAt = new Date().toISOString();
    this.connection.run(
      `INSERT OR REPLACE INTO reviews
       VALUES (:auditId, :key, :state, :severity, :note, :reading, :reviewedAt)`,
      { auditId, key, state, severity, note, reading, reviewedAt },
    );
    return { sights: key.split(','), mark: { state, severity, note }, reading, reviewedAt };
  }

  describe(auditId: number, { title, question, reviewer, blind }: Scope): void {
    this.connection.run(
      'INSERT OR REPLACE INTO scopes VALUES (:auditId, :title, :question, :reviewer, :blind)',
      { auditId, title, question, reviewer, blind: Number(blind) },
    );
  }
}
