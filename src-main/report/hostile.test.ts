import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportSchema } from '../api/report.ts';
import { scratchFolder } from '../store/support/sample.ts';
import { openWorkspace, type Workspace } from '../store/workspace.ts';
import { exportReport } from './export.ts';
import { auditWith } from './support/audited.ts';

const names = {
  model: '</title></style><script>alert(1)</script>',
  label: `<img src=x onerror="alert(1)"> \u202egnp.exe ${'x'.repeat(3000)}`,
  note: '=HYPERLINK("http://example.org","click")\n\nsecond line </p><iframe src="http://example.org">',
  title: '"} body { background: url(http://example.org) } </style><script>',
  photograph: '../../etc/passwd<svg onload=alert(1)>',
};

describe('names and notes from files and people', () => {
  const scratch = scratchFolder();
  const folder = join(scratch.path, 'report');
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  let workspace: Workspace;

  beforeAll(async () => {
    workspace = openWorkspace(join(scratch.path, 'workspace'));
    const auditId = auditWith(workspace, names);
    await exportReport(workspace, auditId, folder, { formats: ['html', 'json', 'csv'] });
  });
  afterAll(() => {
    workspace.close();
    scratch.remove();
  });

  it('are never markup: the page holds no script, frame or handler, and loads nothing', () => {
    const page = read('report.html');
    expect(page).not.toMatch(/<(script|iframe|object|embed|link|form|base)\b/i);
    const tags = page.match(/<[a-z][^>]*>/gi)!.join('\n');
    // Values stand in quotation marks, and hold none; what is left are names of elements and attributes.
    expect(tags.replace(/="[^"]*"/g, '')).not.toMatch(/\s(on\w+|style|srcset|srcdoc)\b|=/i);
    const addresses = [...tags.matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
    expect(addresses.filter((address) => !/^(#|data:image\/)/.test(address))).toEqual([]);
    const [style] = /<style>[\s\S]*?<\/style>/.exec(page)!;
    expect(style).not.toMatch(/url\((?!data:)|@import/);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('turn no direction of reading, in any file', () => {
    for (const name of ['report.html', 'report.json', 'prototypes.csv', 'manifest.json']) {
      expect(read(name)).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    }
  });

  it('come back from the JSON to the last character', () => {
    const report = reportSchema.parse(JSON.parse(read('report.json')));
    expect(report.prototypes[0].label).toBe(names.label);
    expect(report.findings[0].note).toBe(names.note);
    expect(report.scope.title).toBe(names.title);
  });

  it('start no formula in a table, and break no row', () => {
    const findings = read('findings.csv');
    expect(findings).toContain(`"'=HYPERLINK(""http://example.org"",""click"")`);
    // Commas and line ends between quotation marks are text.
    const rows = findings
      .replace(/"(?:[^"]|"")*"/g, 'text')
      .trimEnd()
      .split('\r\n');
    expect(new Set(rows.map((row) => row.split(',').length))).toEqual(new Set([12]));
  });
});
