import type { WebSocketRoute } from 'playwright';
import type { Audit } from '../../../src-main/api/audit.ts';
import { unreviewed, type Mark, type Review } from '../../../src-main/api/review.ts';
import { subjectKey } from '../../../src-main/api/sight.ts';
import { prototypeOf, similarityOf, studioOf } from './answers.ts';

/** Answers to calls, by name, of a test's own. */
export type Answers = Readonly<Record<string, (input: never) => unknown>>;

interface Asked {
  readonly id: number;
  readonly call: string;
  readonly input: { readonly runId: number; readonly sights: string[]; readonly mark: Mark };
}

/** A service of one audit, which remembers marks. @returns sends a message to the page */
export function answerAll(
  socket: WebSocketRoute,
  audit: Audit,
  more: Answers,
): (message: object) => void {
  const reviews = new Map<string, Review>();
  const send = (message: object): void => socket.send(JSON.stringify(message));
  const answers: Partial<Record<string, (input: Asked['input']) => unknown>> = {
    'studio.get': () => studioOf(audit),
    'audit.get': () => audit,
    'review.list': () => [...reviews.values()],
    'scope.get': () => ({ title: '', question: '', reviewer: '', blind: false }),
    'view.list': () => [],
    'exemplars.get': () => [],
    'prototype.get': ({ runId }) => prototypeOf(audit, runId),
    'similarity.get': () => similarityOf(audit),
    'review.set': ({ sights, mark }) => {
      const reviewedAt = '2026-01-01T00:00:00.000Z';
      const review: Review = { sights, mark, reading: 'named', reviewedAt };
      const previous = reviews.get(subjectKey(sights))?.mark ?? unreviewed;
      reviews.set(subjectKey(sights), review);
      send({ event: 'review.changed', value: { auditId: 1, review } });
      return { review, previous };
    },
    ...more,
  };
  socket.onMessage((text) => {
    const { id, call, input } = JSON.parse(String(text)) as Asked;
    const answer = answers[call];
    const failure = { code: 'not-found', message: `This service answers no ${call}.` };
    const output = answer?.(input);
    if (output instanceof Promise) void output.then((value) => send({ id, output: value }));
    else send(answer ? { id, output } : { id, failure });
  });
  send({ event: 'service', value: { state: 'ready' } });
  return send;
}
