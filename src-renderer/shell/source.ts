import type { Audit } from '../../src-main/api/audit.ts';
import type { Call, EventName, EventOf, Input, Output } from '../../src-main/api/contract.ts';
import type { Mark, Review, SavedView, Scope } from '../../src-main/api/review.ts';
import type { Studio } from '../../src-main/api/studio.ts';

/** Where the views get what they show: the page's end of the service, or a test. */
export interface Source {
  readonly studio: Studio | undefined;
  readonly audit: Audit | undefined;
  /** What is written down, by the key of its pictures (`subjectKey`); all else is unreviewed. */
  readonly reviews: Readonly<Record<string, Review>>;
  /** The marks alone. The key of a prototype is its run's id. */
  readonly marks: Readonly<Record<string, Mark>>;
  /** What the audit's review is about. */
  readonly scope: Scope;
  /** Views of the audit's gallery that have a name. */
  readonly views: readonly SavedView[];
  /** How the job under way stands. */
  readonly progress: EventOf<'job.progress'> | undefined;
  /** What the service said unasked since the page was opened, the latest last. */
  readonly notes: readonly EventOf<'note'>[];
  /** Hears an event. @returns stops it */
  on<E extends EventName>(event: E, listener: (value: EventOf<E>) => void): () => void;
  call<C extends Call>(call: C, input: Input<C>): Promise<Output<C>>;
  /** Hash of the latest look at a prototype in the making. */
  previewOf(runId: number): string | undefined;
}
