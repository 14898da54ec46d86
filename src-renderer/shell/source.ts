import type { Audit } from '../../src-main/api/audit.ts';
import type { Call, Input, Output } from '../../src-main/api/contract.ts';
import type { Mark } from '../../src-main/api/review.ts';
import type { Studio } from '../../src-main/api/studio.ts';

/** Where the views get what they show: the page's end of the service, or a test. */
export interface Source {
  readonly studio: Studio | undefined;
  readonly audit: Audit | undefined;
  /** By run; one without a mark is unreviewed. */
  readonly marks: Readonly<Record<number, Mark>>;
  /** @returns the mark before, which undoes it */
  mark(runId: number, mark: Mark): Promise<Mark>;
  call<C extends Call>(call: C, input: Input<C>): Promise<Output<C>>;
  /** Hash of the latest look at a prototype in the making. */
  previewOf(runId: number): string | undefined;
}
