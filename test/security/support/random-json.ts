import { z } from 'zod';

/** Uniform numbers in [0, 1). */
type Draw = () => number;
type Schema = z.core.JSONSchema.JSONSchema;

const pick = <T>(draw: Draw, list: readonly T[]): T => list[Math.floor(draw() * list.length)];

const numbers = [0, 1, 2, 3, 7, 64, -1, 0.5, 1e9, 2 ** 53, -(2 ** 53), 1e308];
const strange: readonly unknown[] = [
  ...[null, true, '', 'x', '\0', '__proto__', 'constructor', '💥', '<b>', 'x'.repeat(5000)],
  ...[[], {}, [[[]]], { __proto__: null }, { constructor: { prototype: { id: 1 } } }, 'NaN'],
];

/** Any JSON value, nested three deep at most. */
export function randomJson(draw: Draw, depth = 3): unknown {
  const kind = draw();
  if (depth === 0 || kind < 0.5) return pick(draw, [...numbers, ...strange]);
  const length = Math.floor(draw() * 4);
  const items = Array.from({ length }, () => randomJson(draw, depth - 1));
  if (kind < 0.75) return items;
  return Object.fromEntries(items.map((item, at) => [pick(draw, ['id', 'path', `k${at}`]), item]));
}

/** Makes values that a schema mostly allows, so that they get past the door. */
export class Forger {
  readonly #draw: Draw;
  readonly #texts: readonly string[];

  /** @param texts strings to fill in, such as paths that exist */
  constructor(draw: Draw, texts: readonly string[]) {
    this.#draw = draw;
    this.#texts = texts;
  }

  forge(schema: z.ZodType): unknown {
    return this.#value(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  }

  #value(schema: Schema): unknown {
    if (this.#draw() < 0.04) return randomJson(this.#draw);
    if (schema.const !== undefined) return schema.const;
    if (schema.enum) return pick(this.#draw, schema.enum);
    const options = schema.anyOf ?? schema.oneOf;
    if (options) return this.#value(pick(this.#draw, options));
    if (schema.type === 'object') return this.#object(schema);
    if (schema.type === 'array') return this.#array(schema);
    if (schema.type === 'string') return pick(this.#draw, this.#texts);
    if (schema.type === 'boolean') return this.#draw() < 0.5;
    if (schema.type === 'null') return null;
    if (schema.type === 'number' || schema.type === 'integer') return pick(this.#draw, numbers);
    return randomJson(this.#draw);
  }

  #object({ properties = {}, required = [] }: Schema): unknown {
    const wanted = Object.entries(properties).filter(
      ([name]) => required.includes(name) || this.#draw() < 0.4,
    );
    return Object.fromEntries(wanted.map(([name, inner]) => [name, this.#value(inner as Schema)]));
  }

  #array({ items, prefixItems }: Schema): unknown[] {
    if (prefixItems) return prefixItems.map((inner) => this.#value(inner as Schema));
    const length = Math.floor(this.#draw() * 3);
    return Array.from({ length }, () => this.#value((items ?? {}) as Schema));
  }
}
