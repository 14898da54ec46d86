export type Group =
  | 'Everywhere'
  | 'Library'
  | 'New audit'
  | 'Jobs'
  | 'Review'
  | 'Gallery'
  | 'Loupe'
  | 'Compare'
  | 'Similarity'
  | 'Report'
  | 'Settings'
  | 'Audits'
  | 'Classes';

/** Something that a reviewer can do: one entry feeds the key, the palette, the sheet of shortcuts and the button. */
export interface Command {
  readonly id: string;
  readonly title: string;
  /** Under which heading the sheet shows it. */
  readonly group: Group;
  /** Chords, the first of which is shown. */
  readonly keys: readonly string[];
  /** Whether it can be done now. */
  when(): boolean;
  run(): void;
}

/** The command that a chord stands for now. */
export const commandFor = (commands: readonly Command[], chord: string): Command | undefined =>
  commands.find((command) => command.keys.includes(chord) && command.when());

export const commandNamed = (commands: readonly Command[], id: string): Command | undefined =>
  commands.find((command) => command.id === id);

/** How well a title answers what was typed: words in any order, beginnings before middles; 0 is not at all. */
export function relevance(title: string, typed: string): number {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const text = title.toLowerCase();
  const points = words.map((word) => {
    const at = text.indexOf(word);
    if (at < 0) return 0;
    return at === 0 ? 3 : text[at - 1] === ' ' ? 2 : 1;
  });
  return points.includes(0) ? 0 : 1 + points.reduce<number>((sum, point) => sum + point, 0);
}

/** What can be done now and answers what was typed, the best first. */
export const found = (commands: readonly Command[], typed: string): Command[] =>
  commands
    .filter((command) => command.when())
    .map((command) => ({ command, points: relevance(command.title, typed) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .map(({ command }) => command);
