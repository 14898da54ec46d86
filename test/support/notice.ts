import type { Page } from 'playwright';

/**
 * Looks out for an alert that may show for a moment only: who looks when it has happened, on a busy machine, is too late.
 * @returns waits until an alert has said these words
 */
export async function lookOut(page: Page, words = ''): Promise<() => Promise<void>> {
  const watch = await page.evaluateHandle<{ shown: Promise<void> }>(`(() => {
    const isShown = () => [...document.querySelectorAll('[role=alert]')]
      .some(({ textContent }) => textContent.includes(${JSON.stringify(words)}));
    const shown = new Promise((resolve) => {
      const look = () => isShown() && resolve();
      new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
      look();
    });
    return { shown };
  })()`);
  return () => watch.evaluate(({ shown }) => shown);
}
