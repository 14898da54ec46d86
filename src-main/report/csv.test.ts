import { describe, expect, it } from 'vitest';
import { csv } from './csv.ts';

/** The lines behind the mark, without the heading. */
const body = (...cells: (string | number | null)[]): string =>
  csv(['h'], [cells]).slice('\ufeffh\r\n'.length);

describe('a table as CSV', () => {
  it('has the commas, quotation marks and line ends of RFC 4180, and says that it is UTF-8', () => {
    const rows = [['plain', 'a, b', 'say "no"', 'two\nlines', -1.5, null]];
    expect(csv(['a', 'b'], rows)).toBe(
      '\ufeffa,b\r\nplain,"a, b","say ""no""","two\nlines",-1.5,\r\n',
    );
  });

  it.for(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '=cmd|"/c calc"!A1'])(
    'never starts a formula with the text %j',
    (text) => {
      expect(body(text).replace(/^"/, '')).toMatch(/^'/);
    },
  );

  it('leaves figures figures, negative ones too', () => {
    expect(body(-3, 0.5, 1e-7)).toBe('-3,0.5,1e-7\r\n');
  });

  it('replaces characters that turn the direction of reading', () => {
    expect(body('a\u202eb')).toBe('a\ufffdb\r\n');
  });
});
