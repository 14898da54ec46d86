import { ServiceError, type ErrorCode } from '../api/wire.ts';

const codeByName: Readonly<Record<string, ErrorCode>> = {
  GraphError: 'bad-input',
  ClassifierError: 'bad-input',
  PhotographError: 'bad-input',
  SimilarityError: 'bad-input',
  PrototypeError: 'bad-input',
  AuditError: 'bad-input',
  ReportError: 'bad-input',
  WorkspaceError: 'workspace',
  EngineError: 'engine',
};

/** Any failure as the page is told of it. */
export function failureOf(error: unknown): { code: ErrorCode; message: string } {
  if (error instanceof ServiceError) return { code: error.code, message: error.message };
  if (!(error instanceof Error)) return { code: 'internal', message: unexpected(String(error)) };
  const code = codeByName[error.name];
  if (code) return { code, message: error.message };
  // The page gets a sentence; who reports the fault needs where it happened.
  process.stderr.write(`${error.stack ?? error.message}\n`);
  return { code: 'internal', message: unexpected(error.message) };
}

const unexpected = (what: string): string => `Eidoscope failed unexpectedly: ${what}`;
