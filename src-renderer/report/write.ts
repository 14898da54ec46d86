import { reportFormats, type Exported, type ReportFormat } from '../../src-main/api/report.ts';
import type { DesktopHost } from '../service.ts';
import type { Source } from '../shell/source.ts';

export type Print = DesktopHost['print'];

interface Wish {
  readonly auditId: number;
  readonly formats: readonly ReportFormat[];
}

/**
 * Has a report written. A window prints it itself, from the page, which is then written even where it is not wished;
 * without one the service looks for a browser.
 */
export async function writeReport(
  source: Pick<Source, 'call'>,
  { auditId, formats }: Wish,
  print?: Print,
): Promise<Exported> {
  const ask = (wanted: readonly ReportFormat[]): Promise<Exported> =>
    source.call('report.export', { auditId, formats: [...wanted] });
  if (!print || !formats.includes('pdf')) return ask(formats);
  const unprinted = reportFormats.filter((each) => each !== 'pdf');
  const written = await ask(unprinted.filter((each) => each === 'html' || formats.includes(each)));
  const { message } = await print(written.folder);
  return message === undefined ? written : { ...written, notes: [...written.notes, message] };
}
