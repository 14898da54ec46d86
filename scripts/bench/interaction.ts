import type { Page } from 'playwright';

/** Keys of a review, each after the one before has been drawn. */
const keys = [
  ...['ArrowRight', 'ArrowDown', 'ArrowRight', 'ArrowLeft', 'Enter', 'ArrowRight', '['],
  ...[
    'Escape',
    'Space',
    'ArrowRight',
    'Space',
    'c',
    'd',
    'v',
    'w',
    'Escape',
    'Escape',
    'p',
    's',
    'g',
  ],
];

/** Notes the time from each key to the first task after the frame that it led to. */
const watch = `
  globalThis.latencies = [];
  addEventListener('keydown', (event) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => latencies.push(performance.now() - event.timeStamp);
    channel.port2.postMessage(0);
  }), true);`;

/** @returns milliseconds from each key to what it drew, in the gallery, the loupe and a comparison */
export async function latencies(page: Page): Promise<number[]> {
  await page.evaluate(watch);
  await page.getByRole('grid').focus();
  for (const key of keys) {
    await page.keyboard.press(key);
    await page.waitForTimeout(250);
  }
  return page.evaluate(() => (globalThis as unknown as { latencies: number[] }).latencies);
}
