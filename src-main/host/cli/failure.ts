import { printable } from './printable.ts';

/** Exit codes, so that a pipeline can tell a bad model from a full disk. */
export const exitCodes = {
  ok: 0,
  unexpected: 1,
  /** `verify` found that something is not what it was, or a self-test that a model is not read rightly. */
  changed: 1,
  usage: 2,
  input: 3,
  workspace: 4,
  engine: 5,
  /** The work is done, but for something that could not be made: some prototypes, or a PDF. */
  incomplete: 6,
  cancelled: 130,
} as const;

const codeByError: Readonly<Record<string, number>> = {
  GraphError: exitCodes.input,
  ClassifierError: exitCodes.input,
  PhotographError: exitCodes.input,
  SimilarityError: exitCodes.input,
  PrototypeError: exitCodes.input,
  AuditError: exitCodes.input,
  WorkspaceError: exitCodes.workspace,
  OutputError: exitCodes.workspace,
  ReportError: exitCodes.workspace,
  ServiceError: exitCodes.workspace,
  EngineError: exitCodes.engine,
  UsageError: exitCodes.usage,
  AbortError: exitCodes.cancelled,
};

/** A command line that does not say what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Exit code of a failure, and what to tell: one sentence for what a user can mend, the stack for a fault of ours. */
export function explain(error: unknown): { code: number; text: string } {
  if (!(error instanceof Error)) return { code: exitCodes.unexpected, text: String(error) };
  const code = codeByError[error.name];
  if (code !== undefined) return { code, text: printable(error.message) };
  return {
    code: exitCodes.unexpected,
    text: `Eidoscope failed unexpectedly; please report this with the lines below.\n${error.stack ?? error.message}`,
  };
}
