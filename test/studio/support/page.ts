import { chromium, type Browser, type Page, type WebSocketRoute } from 'playwright';
import { inject } from 'vitest';
import type { Audit } from '../../../src-main/api/audit.ts';
import { unreviewed, type Mark, type Review } from '../../../src-main/api/review.ts';
import { subjectKey } from '../../../src-main/api/sight.ts';
import { auditOf, prototypeOf, similarityOf, studioOf, type Scale } from './answers.ts';
import type { Shared } from './shared.ts';

export { chromiumPath } from './chromium.ts';

/** The page in a browser, with a service that answers from a made-up audit. */
export class StudioPage {
  /** Where the page is served. */
  readonly origin: string;
  readonly #browser: Browser;
  /** What the page complained of in its console. */
  readonly complaints: string[] = [];

  #push: (message: object) => void = () => undefined;
  #cut: () => void = () => undefined;

  private constructor(origin: string, browser: Browser) {
    this.origin = origin;
    this.#browser = browser;
  }

  /** All files of tests share one build of the page and one browser (`shared.ts`). */
  static async start(): Promise<StudioPage> {
    const answer = await fetch(inject('studioPage'));
    if (!answer.ok) throw new Error(`The page could not be built: ${await answer.text()}`);
    const { origin, browser } = (await answer.json()) as Shared;
    return new StudioPage(origin, await chromium.connect(browser));
  }

  /** Opens an address such as `#/1/gallery`. */
  async open(
    hash: string,
    scale: Scale,
    colorScheme: 'light' | 'dark' = 'dark',
    more: Answers = {},
  ): Promise<Page> {
    const page = await this.#browser.newPage({
      viewport: { width: 1280, height: 800 },
      ...{ colorScheme, reducedMotion: 'reduce' },
    });
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    const audit = auditOf(scale);
    await page.routeWebSocket(/\/line$/, (socket) => {
      this.#push = answerAll(socket, audit, more);
      this.#cut = () => void socket.close();
    });
    await page.goto(this.origin + hash);
    return page;
  }

  /** Tells the page that was opened last something unasked. */
  push(event: string, value: object): void {
    this.#push({ event, value });
  }

  /** Breaks the line of the page that was opened last, as a tunnel might. */
  cut(): void {
    this.#cut();
  }

  /** Closes its pages; the browser stays for others. */
  async stop(): Promise<void> {
    await this.#browser.close();
  }
}

/** Answers to calls, by name, of a test's own. */
export type Answers = Readonly<Record<string, (input: never) => unknown>>;

interface Asked {
  readonly id: number;
  readonly call: string;
  readonly input: { readonly runId: number; readonly sights: string[]; readonly mark: Mark };
}

/** A service of one audit, which remembers marks. @returns sends a message to the page */
function answerAll(socket: WebSocketRoute, audit: Audit, more: Answers): (message: object) => void {
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
