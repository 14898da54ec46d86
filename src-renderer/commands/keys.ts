/** Keys as they are written in the list of commands: `G`, `?`, `Shift+ArrowLeft`, `Ctrl+K`. */

export interface Stroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const isLetter = (key: string): boolean => /^\p{L}$/u.test(key);

/** Whether Shift is a key of its own here: for `?` it is only the way to type it. */
const shiftCounts = (key: string): boolean => isLetter(key) || key.length > 1 || key === ' ';

/** The name of what was pressed, as the list of commands writes it. */
export function nameOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Stroke): string {
  const base = key === ' ' ? 'Space' : isLetter(key) ? key.toUpperCase() : key;
  const modifiers = [
    (ctrlKey || metaKey) && 'Ctrl',
    altKey && 'Alt',
    shiftKey && shiftCounts(key) && 'Shift',
  ];
  return [...modifiers, base].filter(Boolean).join('+');
}

const words: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
};

/** The keys of a chord, for a person. */
export const caps = (chord: string): string[] =>
  chord === '+' ? ['+'] : chord.split('+').map((key) => words[key] ?? key);

/** As `aria-keyshortcuts` wants it. */
export const ariaKeys = (chord: string): string => chord.replace('Ctrl', 'Control');

const movesSlider = /^(Arrow|Page|Home|End)/;

/** Whether keys pressed there are text or choices of a control, not commands. */
export function takesText(target: EventTarget | null, chord: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target.matches('input[type=range]')) return movesSlider.test(chord);
  return target.matches(
    'textarea, select, input:not([type=checkbox], [type=radio], [type=button])',
  );
}

/** Whether the key already means something where the focus is: Enter and Space press a button. */
export const pressesControl = (chord: string, target: EventTarget | null): boolean =>
  (chord === 'Enter' || chord === 'Space') &&
  target instanceof HTMLElement &&
  target.closest('button, a[href], summary, input, [role=option]') !== null;
