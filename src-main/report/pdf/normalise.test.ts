import { expect, it } from 'vitest';
import { isPdf, normalised } from './normalise.ts';

const pdf = (time: string): Buffer =>
  Buffer.from(
    `%PDF-1.4\n1 0 obj<</Producer (x)\n/CreationDate (D:${time}+00'00')\n/ModDate (D:${time}-05'30')>>\nendobj\n\xff\xfe(D:${time})%%EOF\n`,
    'latin1',
  );

it('takes the clock out of a PDF, moves no byte, and touches nothing else', () => {
  const [a, b] = [pdf('20261123144924'), pdf('20271231235959')];
  const [one, other] = [a, b].map((each) =>
    Buffer.from(normalised(each, '2025-01-02T03:04:05.678Z')),
  );
  expect(one.length).toBe(a.length);
  expect(one.toString('latin1')).toContain("/CreationDate (D:20250102030405+00'00')");
  expect(one.toString('latin1')).toContain('\xff\xfe(D:20261123144924)');
  const same = (text: Buffer): string => text.toString('latin1').replace(/\(D:\d{14}\)/, '');
  expect(same(one)).toBe(same(other));
});

it('knows a PDF that was cut off', () => {
  const whole = pdf('20261123144924');
  expect([isPdf(whole), isPdf(whole.subarray(0, -8)), isPdf(Buffer.from('<html>'))]).toEqual([
    true,
    false,
    false,
  ]);
});
