import { malformed } from './errors.ts';

/** The `config` of a layer. Each reader takes the names that Keras 3, 2 and 1 give to a setting, in this order. */
export class Settings {
  readonly layer: string;
  readonly #config: Readonly<Record<string, unknown>>;

  /** @param layer name of the layer, for error sentences */
  constructor(layer: string, config: Readonly<Record<string, unknown>>) {
    this.layer = layer;
    this.#config = config;
  }

  raw(...names: readonly string[]): unknown {
    const found = names.find((name) => Object.hasOwn(this.#config, name));
    return found === undefined ? undefined : (this.#config[found] ?? undefined);
  }

  /** The same settings, with another one where it is not said. */
  defaulting(name: string, value: unknown): Settings {
    return new Settings(this.layer, { [name]: value, ...this.#config });
  }

  number(fallback: number, ...names: readonly string[]): number {
    const value = this.raw(...names) ?? fallback;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw this.#wrong(names[0], 'a number');
  }

  /** @throws GraphError where the setting is missing or no whole number above 0 */
  count(...names: readonly string[]): number {
    const value = this.raw(...names);
    if (isCount(value)) return value;
    throw this.#wrong(names[0], 'a whole number above 0');
  }

  flag(fallback: boolean, ...names: readonly string[]): boolean {
    const value = this.raw(...names) ?? fallback;
    if (typeof value === 'boolean') return value;
    throw this.#wrong(names[0], 'true or false');
  }

  text(fallback: string, ...names: readonly string[]): string {
    const value = this.raw(...names) ?? fallback;
    if (typeof value === 'string') return value;
    throw this.#wrong(names[0], 'a text');
  }

  /** One whole number above 0 per axis; a single one stands for all. */
  counts(axes: number, fallback: number | undefined, ...names: readonly string[]): number[] {
    const value = this.raw(...names) ?? fallback;
    const list = Array.isArray(value) ? value : new Array<unknown>(axes).fill(value);
    if (list.length === axes && list.every(isCount)) return list;
    throw this.#wrong(names[0], `${axes} whole numbers above 0`);
  }

  /** A list of numbers. */
  numbers(name: string): number[] {
    const value = this.raw(name);
    if (
      Array.isArray(value) &&
      value.length <= 64 &&
      value.every((each) => typeof each === 'number')
    ) {
      return value;
    }
    throw this.#wrong(name, 'a list of numbers');
  }

  /** Whether the layer sees its channels in the last place. */
  get isChannelsLast(): boolean {
    const format = this.text('channels_last', 'data_format', 'dim_ordering');
    if (['channels_last', 'tf', 'default'].includes(format)) return true;
    if (['channels_first', 'th'].includes(format)) return false;
    throw this.#wrong('data_format', 'channels_last or channels_first');
  }

  #wrong(name: string, wanted: string): Error {
    return malformed(`${name} of the layer ${this.layer} is not ${wanted}`);
  }
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31;
}
