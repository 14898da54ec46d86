import protobuf from 'protobufjs/minimal.js';
import type { Reader } from 'protobufjs';
import { GraphError } from './errors.ts';

/** Messages within one that is decoded; a file with more is made to exhaust memory. */
export const MAX_MESSAGES = 2 ** 20;
/** Messages in messages: a subgraph costs three levels. */
export const MAX_MESSAGE_DEPTH = 64;

export type ScalarType =
  'int32' | 'int64' | 'uint64' | 'fixed32' | 'float' | 'double' | 'bool' | 'string' | 'bytes';

export interface Field<Name extends string = string> {
  readonly id: number;
  /** A scalar, or the name of a message. */
  readonly type: ScalarType | Name;
  readonly rule?: 'repeated';
  /** The specification writes these numbers back to back in one chunk. */
  readonly options?: { readonly packed: true };
}

/** The fields of each message, by their names. */
export type Schema<M> = {
  readonly [K in keyof M & string]: {
    readonly fields: { readonly [F in keyof Required<M[K]>]: Field<keyof M & string> };
  };
};

interface Layout {
  readonly fields: ReadonlyMap<number, readonly [key: string, field: Field]>;
  /** Prototype of every message of the kind: absent fields read as zero, empty text or an empty list. */
  readonly defaults: object;
}

type Layouts = ReadonlyMap<string, Layout>;

function layoutOf(
  fields: readonly [string, Field][],
  isMessage: (type: string) => boolean,
): Layout {
  const optional = fields.filter(
    ([, field]) => field.rule !== 'repeated' && !isMessage(field.type),
  );
  return {
    fields: new Map(fields.map(([key, field]) => [field.id, [key, field]])),
    defaults: {
      ...Object.fromEntries(optional.map(([key, { type }]) => [key, zeroOf(type as ScalarType)])),
      ...Object.fromEntries(
        fields
          .filter(([, { rule }]) => rule === 'repeated')
          .map(([key]) => [key, Object.freeze([])]),
      ),
    },
  };
}

function zeroOf(type: ScalarType): unknown {
  if (type === 'string') return '';
  if (type === 'bool') return false;
  return type === 'bytes' ? undefined : 0;
}

/**
 * Makes a decoder of messages in the protobuf wire format, which generates no code at run time. Byte fields are views
 * of what is decoded; unknown fields are skipped.
 * The decoder throws GraphError `too-large` beyond `MAX_MESSAGES` or `MAX_MESSAGE_DEPTH`; RangeError where the bytes end
 * too early; Error where they are no protobuf.
 */
export function decoder<M>(
  schema: Schema<M>,
): <K extends keyof M & string>(name: K, bytes: Uint8Array) => M[K] {
  const names = Object.keys(schema) as (keyof M & string)[];
  const isMessage = (type: string): boolean => Object.hasOwn(schema, type);
  const layouts: Layouts = new Map(
    names.map((name) => [name, layoutOf(Object.entries(schema[name].fields), isMessage)]),
  );
  return <K extends keyof M & string>(name: K, bytes: Uint8Array) => {
    const reader = protobuf.Reader.create(bytes);
    return readMessage({ reader, layouts, messages: 0 }, name, reader.len, 0) as M[K];
  };
}

interface State {
  readonly reader: Reader;
  readonly layouts: Layouts;
  messages: number;
}

function readMessage(state: State, name: string, end: number, depth: number): object {
  const { reader, layouts } = state;
  if (end > reader.len) throw new RangeError('a message ends behind the file');
  if (++state.messages > MAX_MESSAGES || depth > MAX_MESSAGE_DEPTH) throw tooManyParts();
  const outer = reader.len;
  reader.len = end;
  const layout = layouts.get(name)!;
  const message = Object.create(layout.defaults) as Record<string, unknown>;
  while (reader.pos < end) {
    const tag = reader.uint32();
    const known = layout.fields.get(tag >>> 3);
    if (!known || !readField(state, message, known, tag & 7, depth)) {
      reader.skipType(tag & 7, depth, tag >>> 3);
    }
  }
  reader.len = outer;
  return message;
}

function tooManyParts(): GraphError {
  return new GraphError(
    'too-large',
    'The model file is nested too deeply or has too many parts for a classifier; it is damaged or not meant to be opened.',
  );
}

/** Low three bits of a field's tag. */
export const WIRE_TYPES: Readonly<Record<ScalarType, number>> = {
  int32: 0,
  int64: 0,
  uint64: 0,
  bool: 0,
  double: 1,
  string: 2,
  bytes: 2,
  float: 5,
  fixed32: 5,
};

/** @returns false where the wire type is not the field's, so that the field is skipped as an unknown one. */
function readField(
  state: State,
  message: Record<string, unknown>,
  [key, field]: readonly [string, Field],
  wireType: number,
  depth: number,
): boolean {
  const { reader } = state;
  const { type, rule } = field;
  if (state.layouts.has(type)) {
    if (wireType !== 2) return false;
    const length = reader.uint32();
    const value = readMessage(state, type, reader.pos + length, depth + 1);
    store(message, key, rule, value);
    return true;
  }
  const scalar = type as ScalarType;
  if (rule === 'repeated' && wireType === 2 && WIRE_TYPES[scalar] !== 2) {
    readPacked(reader, scalar, list(message, key));
    return true;
  }
  if (wireType !== WIRE_TYPES[scalar]) return false;
  store(message, key, rule, readScalar(reader, scalar));
  return true;
}

function store(
  message: Record<string, unknown>,
  key: string,
  rule: Field['rule'],
  value: unknown,
): void {
  if (rule === 'repeated') list(message, key).push(value);
  else message[key] = value;
}

function list(message: Record<string, unknown>, key: string): unknown[] {
  if (!Object.hasOwn(message, key)) message[key] = [];
  return message[key] as unknown[];
}

function readPacked(reader: Reader, type: ScalarType, values: unknown[]): void {
  const end = reader.uint32() + reader.pos;
  if (end > reader.len) throw new RangeError('a list ends behind its message');
  while (reader.pos < end) values.push(readScalar(reader, type));
}

function readScalar(reader: Reader, type: ScalarType): unknown {
  switch (type) {
    case 'int64':
      return Number(reader.int64());
    case 'uint64':
      return Number(reader.uint64());
    default:
      return reader[type]();
  }
}
