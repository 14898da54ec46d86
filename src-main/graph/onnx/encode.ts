import protobuf from 'protobufjs/minimal.js';
import type { Writer } from 'protobufjs';
import { WIRE_TYPES } from '../protobuf.ts';
import { toInt64 } from '../tensor.ts';
import {
  fieldsOf,
  isMessage,
  type Field,
  type MessageName,
  type Messages,
  type ScalarType,
} from './schema.ts';

/** A message to write: any field may be left out. */
export type Draft<T> = T extends Uint8Array
  ? T
  : T extends readonly (infer U)[]
    ? readonly Draft<U>[]
    : T extends object
      ? { readonly [K in keyof T]?: Draft<T[K]> }
      : T;

/**
 * Encodes a message in the protobuf wire format, without generating code at run time. Byte arrays are copied once,
 * into the result; equal messages give equal bytes.
 */
export function encode<K extends MessageName>(name: K, message: Draft<Messages[K]>): Uint8Array {
  const writer = protobuf.Writer.create();
  writeMessage(writer, name, message);
  return writer.finish();
}

function writeMessage(writer: Writer, name: MessageName, message: object): void {
  const values = message as Record<string, unknown>;
  for (const [key, field] of fieldsOf(name)) {
    const value = values[key];
    if (value === undefined) continue;
    if (field.rule !== 'repeated') writeField(writer, field, value);
    else if (field.options) writePacked(writer, field, value as readonly number[]);
    else for (const element of value as readonly unknown[]) writeField(writer, field, element);
  }
}

function writePacked(writer: Writer, field: Field, values: readonly number[]): void {
  if (values.length === 0) return;
  writer.uint32((field.id << 3) | 2).fork();
  for (const value of values) writeScalar(writer, field.type as ScalarType, value);
  writer.ldelim();
}

function writeField(writer: Writer, field: Field, value: unknown): void {
  const { type } = field;
  if (isMessage(type)) {
    writer.uint32((field.id << 3) | 2).fork();
    writeMessage(writer, type, value as object);
    writer.ldelim();
    return;
  }
  writer.uint32((field.id << 3) | WIRE_TYPES[type]);
  writeScalar(writer, type, value);
}

function writeScalar(writer: Writer, type: ScalarType, value: unknown): void {
  switch (type) {
    case 'string':
      return void writer.string(value as string);
    case 'bytes':
      return void writer.bytes(value as Uint8Array);
    case 'float':
      return void writer.float(value as number);
    case 'double':
      return void writer.double(value as number);
    case 'int32':
      return void writer.int32(value as number);
    case 'fixed32':
      return void writer.fixed32(value as number);
    case 'bool':
      return void writer.bool(value as boolean);
    default:
      return void writer.int64(halves(value as number));
  }
}

/** A 64-bit integer as protobufjs takes it: numbers beyond 2^53 would overflow on their way. */
function halves(value: number): { low: number; high: number; unsigned: boolean } {
  const exact = toInt64(value);
  return {
    low: Number(BigInt.asIntN(32, exact)),
    high: Number(BigInt.asIntN(32, exact >> 32n)),
    unsigned: false,
  };
}
