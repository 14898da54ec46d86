import {
  reportFormats,
  type Exported,
  type Preview,
  type ReportFormat,
} from '../../src-main/api/report.ts';
import type { Source } from '../shell/source.ts';
import { writeReport, type Print } from './write.ts';

/** What the files of a report are, for a person. */
export const formatNames: Readonly<Record<ReportFormat, string>> = {
  html: 'One web page that needs nothing else (HTML)',
  pdf: 'The same for print (PDF)',
  json: 'Everything for programs (JSON)',
  csv: 'Tables for spreadsheets (CSV)',
};

/** The report of one audit, on its way into files. */
export class Export {
  readonly #source: Source;
  /** The window's own way to print, where there is a window; else the service looks for a browser. */
  readonly #print: Print | undefined;
  readonly auditId: number;
  chosen = $state.raw<readonly ReportFormat[]>(reportFormats);
  preview = $state.raw<Preview>();
  busy = $state(false);
  failure = $state<string>();
  #written = $state.raw<Exported>();

  constructor(source: Source, auditId: number, print?: Print) {
    this.#source = source;
    this.#print = print;
    this.auditId = auditId;
  }

  /** The report that was written last, if it still says what a new one would say. */
  get written(): Exported | undefined {
    const kept = this.preview?.exported;
    const written = this.#written;
    // What could not be written is said where it was tried, and not kept.
    return kept && kept.folder === written?.folder
      ? { ...kept, notes: written.notes }
      : (kept ?? written);
  }

  /** Whether marks or the audit have changed since the report was written. */
  get isStale(): boolean {
    const { written, preview } = this;
    return written !== undefined && preview !== undefined && written.folder !== preview.folder;
  }

  /** Why there can be no PDF, in one sentence. */
  get noPdf(): string | undefined {
    const pdf = this.#print ? undefined : this.preview?.pdf;
    return pdf && !pdf.possible ? (pdf.reason ?? 'This machine cannot print a PDF.') : undefined;
  }

  get formats(): ReportFormat[] {
    return this.chosen.filter((format) => format !== 'pdf' || this.noPdf === undefined);
  }

  choose(format: ReportFormat, wanted: boolean): void {
    this.chosen = reportFormats.filter((each) =>
      each === format ? wanted : this.chosen.includes(each),
    );
  }

  /** Looks at what a report would say now. */
  async look(): Promise<void> {
    await this.#tried(async () => {
      this.preview = await this.#source.call('report.preview', { auditId: this.auditId });
    });
  }

  async write(): Promise<void> {
    this.busy = true;
    await this.#tried(async () => {
      this.#written = await writeReport(this.#source, this, this.#print);
    });
    this.busy = false;
    if (!this.failure) await this.look();
  }

  async #tried(what: () => Promise<void>): Promise<void> {
    try {
      await what();
      this.failure = undefined;
    } catch (error) {
      this.failure = (error as Error).message;
    }
  }
}
