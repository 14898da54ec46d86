const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];
const densities = ['auto', 's', 'm', 'l'] as const;
export type Density = (typeof densities)[number];

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

  constructor() {
    const found = remembered();
    this.theme = oneOf(themes, found.theme);
    this.density = oneOf(densities, found.density);
    this.panel = found.panel !== false;
  }

  /** Shows the theme and remembers everything; to be run whenever something changes. */
  apply(): void {
    document.documentElement.dataset.theme = this.theme;
    const { theme, density, panel } = this;
    localStorage.setItem(KEY, JSON.stringify({ theme, density, panel }));
  }

  nextTheme(): void {
    this.theme = themes[(themes.indexOf(this.theme) + 1) % themes.length];
  }
}
