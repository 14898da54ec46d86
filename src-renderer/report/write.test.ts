import { expect, it, vi } from 'vitest';
import type { Exported, ReportFormat } from '../../src-main/api/report.ts';
import type { Source } from '../shell/source.ts';
import { writeReport } from './write.ts';

const folder = '1-0123456789ab';
const exported: Exported = {
  ...{ folder, path: '/reports', files: [], manifestSha256: '0'.repeat(64) },
  notes: ['The service says this.'],
};

/** A service that tells which formats it is asked for. */
function service() {
  const call = vi.fn(() => Promise.resolve(exported));
  return { call, source: { call } as unknown as Source };
}

const wish = (...formats: ReportFormat[]) => ({ auditId: 1, formats });

it('lets the window print, and writes the page for it', async () => {
  const { call, source } = service();
  const print = vi.fn(() => Promise.resolve({ file: {} }));
  const written = await writeReport(source, wish('pdf', 'json'), print);
  expect(call).toHaveBeenCalledWith('report.export', { auditId: 1, formats: ['html', 'json'] });
  expect(print).toHaveBeenCalledWith(folder);
  expect(written).toEqual(exported);
});

it('says why the window could not print, and keeps the rest', async () => {
  const print = () => Promise.resolve({ message: 'Out of paper.' });
  const { notes } = await writeReport(service().source, wish('html', 'pdf'), print);
  expect(notes).toEqual(['The service says this.', 'Out of paper.']);
});

it('prints nothing where no PDF is wished', async () => {
  const { call, source } = service();
  const print = vi.fn(() => Promise.resolve({}));
  await writeReport(source, wish('csv'), print);
  expect(call).toHaveBeenCalledWith('report.export', { auditId: 1, formats: ['csv'] });
  expect(print).not.toHaveBeenCalled();
});

it('leaves printing to the service where there is no window', async () => {
  const { call, source } = service();
  await writeReport(source, wish('html', 'pdf'));
  expect(call).toHaveBeenCalledWith('report.export', { auditId: 1, formats: ['html', 'pdf'] });
});
