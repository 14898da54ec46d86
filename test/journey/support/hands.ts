import type { Locator, Page } from 'playwright';

/** How a person works: with a mouse, or with keys alone. */
export interface Hands {
  readonly name: 'mouse' | 'keyboard';
  /** Presses a button, a link or a box. */
  press(target: Locator): Promise<void>;
  /** Writes into a field, in place of what it holds. */
  write(field: Locator, text: string): Promise<void>;
  /** Chooses an entry of a list. */
  choose(list: Locator, label: string | RegExp): Promise<void>;
}

export const mouse: Hands = {
  name: 'mouse',
  press: (target) => target.click(),
  async write(field, text) {
    await field.click({ clickCount: 3 });
    await field.pressSequentially(text);
    await field.blur();
  },
  async choose(list, label) {
    const options = await list.locator('option').allInnerTexts();
    await list.selectOption({ label: options.find((option) => option.match(label)) });
  },
};

/** More stops than a view has. */
const MOST_TABS = 150;

const hasFocus = (target: Locator): Promise<boolean> =>
  target.evaluate((element) => element === (element as Focusable).ownerDocument.activeElement);

/** An element of the page; tests are checked without a browser's types. */
interface Focusable {
  readonly ownerDocument: { readonly activeElement: unknown };
}

/** Goes on with Tab until the focus is there. @throws Error when Tab never leads there */
async function tabTo(target: Locator): Promise<Page> {
  await target.waitFor();
  const page = target.page();
  for (let tab = 0; tab < MOST_TABS; tab++) {
    if (await hasFocus(target)) return page;
    await page.keyboard.press('Tab');
  }
  throw new Error(`No number of tabs leads to ${target}.`);
}

export const keyboard: Hands = {
  name: 'keyboard',
  async press(target) {
    const page = await tabTo(target);
    const isBox = await target.evaluate(
      (element) => (element as { type?: string }).type === 'checkbox',
    );
    await page.keyboard.press(isBox ? 'Space' : 'Enter');
  },
  async write(field, text) {
    const page = await tabTo(field);
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(text);
    await page.keyboard.press('Tab');
  },
  async choose(list, label) {
    const page = await tabTo(list);
    const options = await list.locator('option').allInnerTexts();
    const wanted = options.findIndex((option) => option.match(label));
    await page.keyboard.press('Home');
    for (let step = 0; step < wanted; step++) await page.keyboard.press('ArrowDown');
  },
};
