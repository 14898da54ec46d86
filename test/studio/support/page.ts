import { chromium, type Browser, type Page } from 'playwright';
import { inject } from 'vitest';
import { auditOf, type Scale } from './answers.ts';
import { answerAll, type Answers } from './service.ts';
import type { Shared } from './shared.ts';

export { chromiumPath } from './chromium.ts';
export type { Answers } from './service.ts';

/** Where the page says that it is: what the browser tells of it may come later. */
export const placeOf = (page: Page): Promise<string> => page.evaluate<string>('location.hash');

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
