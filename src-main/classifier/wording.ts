import { z } from 'zod';

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a group of options',
  record: 'a group of options',
};

/**
 * What is wrong with a value from a person or a file, as the end of the sentence "X: …". For zod's option `error`;
 * it says nothing, and leaves zod's own words, where it knows none that are better.
 */
export const inWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `there is no ${issue.keys.join(', ')}${known(issue.inst)}`;
    case 'invalid_value':
      return `it must be ${anyOf(issue.values)}${insteadOf(issue.input)}`;
    case 'invalid_type':
      if (issue.input === undefined) return 'it is missing';
      return `it must be ${KINDS[issue.expected] ?? issue.expected}${insteadOf(issue.input)}`;
    case 'too_small':
      return limited(issue, issue.minimum, issue.inclusive ? 'at least' : 'more than');
    case 'too_big':
      return limited(issue, issue.maximum, issue.inclusive ? 'at most' : 'less than');
    case 'invalid_union':
      return meant(issue.errors)?.message;
    default:
      return undefined;
  }
};

function known(schema: unknown): string {
  return schema instanceof z.ZodObject ? `; there are ${Object.keys(schema.shape).join(', ')}` : '';
}

const anyOf = (values: readonly unknown[]): string =>
  values.length === 1 ? String(values[0]) : `one of ${values.map(String).join(', ')}`;

const insteadOf = (input: unknown): string =>
  typeof input === 'number' || (typeof input === 'string' && input !== '') ? `, not ${input}` : '';

function limited(
  { origin, input }: { readonly origin: string; readonly input?: unknown },
  limit: number | bigint,
  how: string,
): string {
  if (input !== undefined && typeof input !== 'number' && limit === 1)
    return 'it must not be empty';
  const unit = { string: 'characters', array: 'entries' }[origin];
  return unit
    ? `it must have ${how} ${limit} ${unit}`
    : `it must be ${how} ${limit}${insteadOf(input)}`;
}

/** The complaint of the alternative that the value was meant to be: one that found it of the right type. */
function meant(
  alternatives: readonly (readonly z.core.$ZodIssue[])[],
): z.core.$ZodIssue | undefined {
  const first = alternatives.map(([issue]) => issue);
  return first.find(({ code }) => code !== 'invalid_type') ?? first[0];
}
