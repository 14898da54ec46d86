import { describe, expect, it } from 'vitest';
import { parseJson } from './json.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('parseJson', () => {
  it('gives what the text says', () => {
    expect(parseJson(bytes('{"a": [1, "ü", {}]}'), 'x')).toEqual({ a: [1, 'ü', {}] });
  });

  it.each([
    ['empty lists', `[${'[],'.repeat(2 ** 21)}0]`],
    ['objects in one another', '{"a":'.repeat(2 ** 22 + 1)],
    ['numbers', `[${'1,'.repeat(2 ** 22)}1]`],
  ])('refuses millions of %s by name, without parsing', (_, text) => {
    expect(() => parseJson(bytes(text), 'model.json')).toThrow(
      expect.objectContaining({
        code: 'too-large',
        message: expect.stringMatching(/^model\.json lists more than any classifier has/) as string,
      }),
    );
  });

  it('throws what is no JSON, and no UTF-8, to its caller', () => {
    expect(() => parseJson(bytes('{'), 'x')).toThrow(SyntaxError);
    expect(() => parseJson(Uint8Array.of(0x22, 0xff, 0x22), 'x')).toThrow(TypeError);
  });
});
