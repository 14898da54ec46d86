import { z } from 'zod';
import { reportSchema, type Report } from '../api/report.ts';

/** Sorted keys: equal values give equal text. */
const sorted = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/**
 * JSON for people and programs. What cannot be seen but changes what is seen, such as a character that turns the
 * direction of reading, is written by its number: the value is the same, and the file cannot deceive its reader.
 */
export const jsonOf = (value: unknown): string =>
  `${JSON.stringify(value, sorted, 2).replace(/[^\P{C}\n]|[\u2028\u2029]/gu, (character) =>
    Array.from({ length: character.length }, (_, i) => unit(character, i)).join(''),
  )}\n`;

const unit = (character: string, place: number): string =>
  `\\u${character.charCodeAt(place).toString(16).padStart(4, '0')}`;

/** The report, checked against its own schema. */
export const reportJson = (report: Report): string => jsonOf(reportSchema.parse(report));

/** The schema of the report in the words of JSON Schema, for those who read reports. */
export const reportJsonSchema = (): string =>
  jsonOf({ title: 'A report of Eidoscope, version 1', ...z.toJSONSchema(reportSchema) });
