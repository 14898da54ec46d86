import type { Locator, Page } from 'playwright';

/** More columns than the tests' galleries have. */
const MOST_STEPS = 12;

/** The gallery, as a reviewer finds their way in it. */
export class Gallery {
  readonly page: Page;
  readonly grid: Locator;
  /** Cells whose prototype is made. */
  readonly finished: Locator;

  constructor(page: Page) {
    this.page = page;
    this.grid = page.getByRole('grid');
    this.finished = page.getByRole('gridcell', { name: /^prototype of/ });
  }

  /** Waits until so many prototypes are made. */
  async untilFinished(count: number): Promise<void> {
    await this.finished.nth(count - 1).waitFor();
  }

  prototype(label: string, model: string, profile: string): Locator {
    const name = new RegExp(`^prototype of ${label}, ${model}, profile ${profile}`);
    return this.page.getByRole('gridcell', { name });
  }

  /** Goes along a row by arrows. @throws Error when they do not lead there */
  async walkTo(cell: Locator): Promise<void> {
    const id = await cell.getAttribute('id');
    for (let step = 0; step < MOST_STEPS; step++) {
      if ((await this.grid.getAttribute('aria-activedescendant')) === id) return;
      await this.page.keyboard.press('ArrowRight');
    }
    throw new Error('The arrows do not lead to that prototype.');
  }

  /** Addresses of the pictures of the prototypes that are made, by cell. */
  pictures(): Promise<Record<string, string>> {
    return this.finished.evaluateAll((cells) =>
      Object.fromEntries(
        (cells as unknown as Cell[]).map((cell) => [cell.id, cell.querySelector('img')?.src ?? '']),
      ),
    );
  }
}

/** An element of the page; tests are checked without a browser's types. */
interface Cell {
  readonly id: string;
  querySelector(name: 'img'): { readonly src: string } | null;
}
