import { describe, expect, it } from 'vitest';
import { ariaKeys, caps, nameOf } from './keys.ts';

const stroke = (key: string, modifiers: object = {}) => ({
  ...{ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false },
  ...modifiers,
});

describe('the name of a key', () => {
  it('is the capital letter, whatever the state of Caps Lock', () => {
    expect([nameOf(stroke('g')), nameOf(stroke('G'))]).toEqual(['G', 'G']);
  });

  it('counts Shift with letters and arrows, and not with signs that need it', () => {
    const shiftKey = true;
    expect(['g', 'ArrowLeft', '?'].map((key) => nameOf(stroke(key, { shiftKey })))).toEqual([
      'Shift+G',
      'Shift+ArrowLeft',
      '?',
    ]);
  });

  it('takes Command for Ctrl', () => {
    expect(nameOf(stroke('k', { metaKey: true }))).toBe(nameOf(stroke('k', { ctrlKey: true })));
  });

  it('writes the space bar out', () => {
    expect(nameOf(stroke(' '))).toBe('Space');
  });
});

it('shows arrows as arrows', () => {
  expect([caps('Shift+ArrowLeft'), caps('+')]).toEqual([['Shift', '←'], ['+']]);
});

it('names Control in full for assistive technology', () => {
  expect(ariaKeys('Ctrl+K')).toBe('Control+K');
});
