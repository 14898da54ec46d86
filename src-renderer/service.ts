import type { z } from 'zod';
import { auditSchema, type Audit } from '../src-main/api/audit.ts';
import { routes } from '../src-main/api/contract.ts';
import { studioSchema as wholeSchema, type Studio as Whole } from '../src-main/api/studio.ts';
import { failureSchema } from '../src-main/api/wire.ts';

const studioSchema = wholeSchema.pick({ workspace: true, audits: true });
export type Studio = Pick<Whole, 'workspace' | 'audits'>;

/** An answer that did not come, in one sentence. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
}

async function ask<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path);
  } catch {
    throw new ServiceError('The studio’s service does not answer: start Eidoscope again.');
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const failure = failureSchema.safeParse(answer);
    throw new ServiceError(failure.data?.message ?? `The service answered ${response.status}.`);
  }
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new ServiceError('The service and this page are of different versions: build both again.');
}

export const readStudio = (): Promise<Studio> => ask(routes.studio, studioSchema);
export const readAudit = (id: number): Promise<Audit> => ask(routes.audit(id), auditSchema);
