import { expect, it } from 'vitest';
import { cssString, html, listed, named } from './markup.ts';

it('escapes every value, also in attributes and in lists', () => {
  const evil = `<script>alert("x")</script>'&`;
  const escaped = '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39;&amp;';
  expect(html`<p title="${evil}">${[evil, undefined, false]}</p>`.text).toBe(
    `<p title="${escaped}">${escaped}</p>`,
  );
});

it('does not escape twice what it made itself', () => {
  expect(html`<p>${named('a & b')}</p>`.text).toBe('<p><bdi>a &amp; b</bdi></p>');
});

it('shows characters that would hide or turn other text as what they are: not to be seen', () => {
  expect(html`${'a\u202e\u0000\u200bb\nc'}`.text).toBe('a\ufffd\ufffd\ufffdb\nc');
});

it('keeps a title from ending the stylesheet that it stands in', () => {
  expect(cssString('a"}</style>')).toBe('"a\\22 \\7d \\3c \\2f style\\3e "');
});

it('joins names as a sentence does', () => {
  expect(html`${listed(['a', 'b', 'c'])}`.text).toBe('a, b and c');
});
