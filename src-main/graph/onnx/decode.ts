import protobuf from 'protobufjs/minimal.js';
import type { Reader } from 'protobufjs';
import { GraphError } from '../errors.ts';
import {
  fieldsOf,
  isMessage,
  schema,
  type Field,
  type MessageName,
  type Messages,
  type ScalarType,
} from './schema.ts';

/** A classifier has some thousands of nodes, each a dozen messages; a file with more is made to exhaust memory. */
export const MAX_MESSAGES = 2 ** 20;
/** Messages in messages: a subgraph costs three levels. */
export const MAX_MESSAGE_DEPTH = 64;

interface Layout {
  readonly fields: ReadonlyMap<number, readonly [key: string, field: Field]>;
  /** Prototype of every message of the kind: absent fields read as zero, empty text or an empty list. */
  readonly defaults: object;
}

const layouts = new Map<MessageName, Layout>(
  (Object.keys(schema) as MessageName[]).map((name) => [name, layoutOf(name)]),
);

function layoutOf(name: MessageName): Layout {
  const fields = fieldsOf(name);
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
  return type === 'bytes' ? undefined : 0;
}

/**
 * Decodes a message in the protobuf wire format, without generating code at run time. Byte fields are views of `bytes`;
 * unknown fields are skipped.
 * @throws GraphError `too-large` beyond `MAX_MESSAGES` or `MAX_MESSAGE_DEPTH`; RangeError where the bytes end too early;
 * Error where they are no protobuf.
 */
export function decode<K extends MessageName>(name: K, bytes: Uint8Array): Messages[K] {
  const reader = protobuf.Reader.create(bytes);
  return readMessage({ reader, messages: 0 }, name, reader.len, 0) as Messages[K];
}

interface State {
  readonly reader: Reader;
  messages: number;
}

function readMessage(state: State, name: MessageName, end: number, depth: number): object {
  const { reader } = state;
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

const WIRE_TYPES: Record<ScalarType, number> = {
  int32: 0,
  int64: 0,
  uint64: 0,
  double: 1,
  string: 2,
  bytes: 2,
  float: 5,
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
  if (isMessage(type)) {
    if (wireType !== 2) return false;
    const length = reader.uint32();
    const value = readMessage(state, type, reader.pos + length, depth + 1);
    store(message, key, rule, value);
    return true;
  }
  if (rule === 'repeated' && wireType === 2 && WIRE_TYPES[type] !== 2) {
    readPacked(reader, type, list(message, key) as number[]);
    return true;
  }
  if (wireType !== WIRE_TYPES[type]) return false;
  store(message, key, rule, readScalar(reader, type));
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

function readPacked(reader: Reader, type: ScalarType, values: number[]): void {
  const end = reader.uint32() + reader.pos;
  if (end > reader.len) throw new RangeError('a list ends behind its message');
  while (reader.pos < end) values.push(readScalar(reader, type) as number);
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
