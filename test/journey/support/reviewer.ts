import type { Locator, Page } from 'playwright';
import { drop } from './drop.ts';
import { Gallery } from './gallery.ts';
import type { Hands } from './hands.ts';
import type { OpenStudio } from './hosts.ts';

/** What a reviewer does in the studio, whatever they do it with. */
export class Reviewer {
  readonly page: Page;
  readonly gallery: Gallery;
  readonly #studio: OpenStudio;
  readonly #hands: Hands;

  constructor(studio: OpenStudio, hands: Hands) {
    this.#studio = studio;
    this.#hands = hands;
    this.page = studio.page;
    this.gallery = new Gallery(studio.page);
  }

  get #byMouse(): boolean {
    return this.#hands.name === 'mouse';
  }

  #button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name }).first();
  }

  /** By key, or by what the mouse presses for it. */
  async #do(chord: string, target: Locator): Promise<void> {
    if (this.#byMouse) await this.#hands.press(target);
    else await this.page.keyboard.press(chord);
  }

  /** Goes to a view. */
  async open(name: string, chord: string): Promise<void> {
    const views = this.page.getByRole('navigation', { name: 'Views' });
    await this.#do(chord, views.getByRole('link', { name, exact: true }));
  }

  /** Names a path: in the system's dialog on the desktop, in a field in a browser. */
  async #name(path: string, field: RegExp): Promise<void> {
    if (this.#studio.app) return;
    const input = this.page.getByRole('textbox', { name: field });
    await this.#hands.write(input, path);
    await this.#hands.press(
      this.page.getByRole('dialog').getByRole('button', { name: /^(Open|Add)$/ }),
    );
  }

  /** Brings a model into the library: dropped, or named by its path. @param files the model, and what lies beside it */
  async importModel(files: readonly string[]): Promise<void> {
    await this.#studio.chooseNext(files[0]);
    if (this.#byMouse) await drop(this.page, files);
    else {
      await this.page.keyboard.press('Shift+I');
      await this.#name(files[0], /path/);
    }
  }

  async keepModel(): Promise<void> {
    await this.#hands.press(this.#button('Add to the library'));
    await this.page.getByRole('dialog').waitFor({ state: 'detached' });
  }

  async addPhotographs(folder: string): Promise<void> {
    await this.#studio.chooseNext(folder);
    await this.#do('Shift+P', this.#button('Add photographs …'));
    await this.#name(folder, /Path of the folder/);
    await this.page.getByRole('dialog').waitFor({ state: 'detached' });
  }

  /** Audits all models of the library. */
  async audit(classes: string, steps: string): Promise<void> {
    await this.#do('a', this.#button('New audit …'));
    for (const name of ['balanced', 'shortcut']) {
      const box = this.page.getByRole('checkbox', { name: new RegExp(`^${name}`) });
      if (!(await box.isChecked())) await this.#hands.press(box);
    }
    await this.#hands.choose(
      this.page.getByRole('combobox', { name: 'Photographs', exact: true }),
      /photographs –/,
    );
    await this.#hands.write(this.page.getByRole('textbox', { name: /as a list/ }), classes);
    await this.#hands.press(this.page.getByRole('checkbox', { name: /paper/ }));
    await this.#hands.press(this.page.locator('summary', { hasText: 'Parameters' }));
    await this.#hands.write(this.page.getByRole('textbox', { name: /^Steps,/ }), steps);
    const start = this.page.getByRole('button', { name: /^Start/ });
    await start.and(this.page.locator(':enabled')).waitFor();
    await this.#do('Control+Enter', start);
  }

  /** Compares what both models make of a class. */
  async compareModels(label: string): Promise<void> {
    const [first, second] = ['balanced', 'shortcut'].map((model) =>
      this.gallery.prototype(label, model, 'fourier'),
    );
    if (this.#byMouse) {
      for (const cell of [first, second]) await cell.click({ modifiers: ['ControlOrMeta'] });
    } else {
      await this.gallery.grid.focus();
      for (const cell of [first, second]) {
        await this.gallery.walkTo(cell);
        await this.page.keyboard.press('Space');
      }
    }
    const bar = this.page.getByRole('toolbar', { name: 'Selection' });
    await this.#do('c', bar.getByRole('button', { name: /^Compare/ }));
  }

  /** Writes a concern down about what is shown. */
  async markConcern(severity: number, note: string): Promise<void> {
    const panel = this.page.getByRole('group', { name: 'Your mark' }).last();
    await this.#do('p', panel.getByRole('button', { name: /^Concern/ }));
    await this.#do(`${severity}`, panel.getByText(`${severity}`, { exact: true }));
    if (!this.#byMouse) await this.page.keyboard.press('n');
    else await panel.getByRole('textbox').click();
    await this.page.locator('textarea:focus').waitFor();
    await this.page.keyboard.type(note);
    await this.page.keyboard.press('Escape');
  }

  /** Waits for a note among the report's findings. */
  async untilFound(note: string): Promise<void> {
    const field = this.page.getByRole('textbox', { name: 'Note' });
    await field.and(this.page.locator(':not([data-note])')).waitFor();
    if ((await field.inputValue()) !== note) throw new Error('The note is another one.');
  }

  async writeReport(): Promise<void> {
    await this.#do('w', this.#button(/^Write the report/));
  }
}
