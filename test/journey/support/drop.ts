import type { Page } from 'playwright';

/** What the page makes of a drop; tests are checked without a browser's types. */
interface Browser {
  readonly document: {
    readonly body: { append(node: unknown): void; dispatchEvent(event: unknown): boolean };
    createElement(name: 'input'): { files: Iterable<unknown>; remove(): void };
  };
  readonly DataTransfer: new () => { readonly items: { add(file: unknown): void } };
  readonly DragEvent: new (name: string, options: object) => unknown;
}

/** Drops files of the disk onto the window. They come through a field, so that their paths are known to the desktop. */
export async function drop(page: Page, paths: readonly string[]): Promise<void> {
  await page.evaluate(() => {
    const { document } = globalThis as unknown as Browser;
    const field = Object.assign(document.createElement('input'), { type: 'file', id: 'dropped' });
    document.body.append(Object.assign(field, { multiple: true }));
  });
  const field = page.locator('#dropped');
  await field.setInputFiles([...paths]);
  await field.evaluate((element) => {
    const { document, DataTransfer, DragEvent } = globalThis as unknown as Browser;
    const input = element as unknown as ReturnType<Browser['document']['createElement']>;
    const dataTransfer = new DataTransfer();
    for (const file of input.files) dataTransfer.items.add(file);
    input.remove();
    for (const name of ['dragenter', 'dragover', 'drop']) {
      const event = new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true });
      document.body.dispatchEvent(event);
    }
  });
}
