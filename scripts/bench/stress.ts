import { chromium, type Page } from 'playwright';
import { auditOf } from '../../test/studio/support/answers.ts';
import { answerAll } from '../../test/studio/support/service.ts';
import { listen, pageServer } from '../../test/studio/support/shared.ts';
import { findChromium } from '../runtimes/chromium.ts';

/** Figures of one load of 10,000 prototypes, in milliseconds. */
export interface Stress {
  /** From the beginning of the load to twelve decoded pictures. */
  readonly firstPictures: number;
  /** Tasks over 50 ms while it was scrolled. */
  readonly longTasks: readonly number[];
  /** The longest time between two frames while it was scrolled. */
  readonly longestFrame: number;
}

/** Runs in the page before all else: notes when pictures are there, and what takes long. */
const watch = `
  globalThis.bench = { longTasks: [], longestFrame: 0 };
  new PerformanceObserver((list) => bench.longTasks.push(...list.getEntries().map((entry) => entry.duration)))
    .observe({ type: 'longtask' });
  let last = performance.now();
  const look = (now) => {
    bench.longestFrame = Math.max(bench.longestFrame, now - last);
    last = now;
    const whole = [...document.querySelectorAll('[role=gridcell] img')].filter((image) => image.complete && image.naturalWidth > 0);
    if (whole.length >= 12) bench.firstPictures ??= performance.now();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);`;

const read = (page: Page): Promise<Stress> =>
  page.evaluate(() => (globalThis as unknown as { bench: Stress }).bench);

async function scroll(page: Page): Promise<void> {
  await page.getByRole('grid').hover();
  await page.evaluate('bench.longTasks.length = 0; bench.longestFrame = 0');
  for (let turn = 0; turn < 120; turn++) await page.mouse.wheel(0, 300);
  await page.waitForTimeout(300);
}

/** Loads and scrolls a gallery of 10,008 prototypes, with a service that answers at once. */
export async function stress(folder: string): Promise<Stress> {
  const server = pageServer(folder);
  const origin = await listen(server);
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const audit = auditOf({ classes: 1112, models: 3 });
  await page.addInitScript(watch);
  await page.routeWebSocket(/\/line$/, (socket) => void answerAll(socket, audit, {}));
  await page.goto(`${origin}#/1/gallery`);
  await page.waitForFunction(
    () => (globalThis as unknown as { bench: Partial<Stress> }).bench.firstPictures !== undefined,
  );
  const { firstPictures } = await read(page);
  await page.waitForTimeout(1000);
  await scroll(page);
  const { longTasks, longestFrame } = await read(page);
  await browser.close();
  server.close();
  server.closeAllConnections();
  return { firstPictures, longTasks, longestFrame };
}
