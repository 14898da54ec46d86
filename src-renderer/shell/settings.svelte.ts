const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];
const densities = ['auto', 's', 'm', 'l'] as const;
export type Density = (typeof densities)[number];

/** Commands that the palette offers first. */
const MOST_RECENT = 8;

const KEY = 'eidoscope.settings';

function remembered(): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const oneOf = <T extends string>(list: readonly T[], value: unknown): T =>
  list.find((word) => word === value) ?? list[0];

/** What the reviewer prefers on this machine. */
export class Settings {
  theme = $state<Theme>('system');
  density = $state<Density>('auto');
  /** Whether the gallery's panel with the figures is open. */
  panel = $state(true);
  /** Whether the tour was taken, or was not wanted. */
  toured = $state(false);
  /** Ids of the commands that were chosen in the palette, the last one first. */
  recent = $state.raw<readonly string[]>([]);

  constructor() {
    const found = remembered();
    this.theme = oneOf(themes, found.theme);
    this.density = oneOf(densities, found.density);
    this.panel = found.panel !== false;
    this.toured = found.toured === true;
    const { recent } = found;
    if (Array.isArray(recent)) this.recent = recent.filter((id) => typeof id === 'string');
  }

  /** Shows the theme and remembers everything; to be run whenever something changes. */
  apply(): void {
    document.documentElement.dataset.theme = this.theme;
    const { theme, density, panel, toured, recent } = this;
    localStorage.setItem(KEY, JSON.stringify({ theme, density, panel, toured, recent }));
  }

  /** A command was chosen in the palette. */
  used(id: string): void {
    this.recent = [id, ...this.recent.filter((one) => one !== id)].slice(0, MOST_RECENT);
  }

  nextTheme(): void {
    this.theme = themes[(themes.indexOf(this.theme) + 1) % themes.length];
  }
}
