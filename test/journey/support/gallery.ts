import type { Locator, Page } from 'playwright';

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
  async untilFinished(count: number, patience = 60_000): Promise<void> {
    await this.finished.nth(count - 1).waitFor({ timeout: patience });
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
