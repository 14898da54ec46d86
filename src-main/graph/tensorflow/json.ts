import { z } from 'zod';
import { GraphError } from '../errors.ts';
import { printable } from '../onnx/wording.ts';
import {
  MAX_NODES,
  tooManyNodes,
  typeName,
  type AttributeValue,
  type FunctionDef,
  type GraphDef,
  type NodeDef,
  type Shape,
} from './graph-def.ts';

/** Protobuf's JSON writes 64-bit integers as text, bytes in base64, and infinities as words. */
const number = z.union([z.number(), z.string().max(32)]).transform(Number);
const type = z
  .union([z.string().max(64), z.number()])
  .transform((value) => (typeof value === 'number' ? typeName(value) : value.replace(/_REF$/, '')));
/** Some converters write bytes as a list of numbers. */
const text = z
  .union([z.string(), z.array(z.number().int().min(0).max(255))])
  .transform((value) => Buffer.from(value as string, 'base64').toString('utf8'));

const shapeSchema = z
  .object({
    dim: z
      .array(z.object({ size: number.default(0) }))
      .max(32)
      .default([]),
    unknownRank: z.boolean().default(false),
  })
  .transform(({ dim, unknownRank }): Shape =>
    unknownRank ? undefined : dim.map(({ size }) => size),
  );

const functionName = z.object({ name: z.string().default('') });

const listSchema = z.object({
  s: z.array(text).optional(),
  i: z.array(number).optional(),
  f: z.array(number).optional(),
  b: z.array(z.boolean()).optional(),
  type: z.array(type).optional(),
});

const attributeSchema = z.object({
  s: text.optional(),
  i: number.optional(),
  f: number.optional(),
  b: z.boolean().optional(),
  type: type.optional(),
  shape: shapeSchema.optional(),
  tensor: z.unknown().optional(),
  func: functionName.optional(),
  list: listSchema.optional(),
});

const nodeSchema = z.object({
  name: z.string().min(1).max(4096),
  op: z.string().min(1).max(512),
  input: z.array(z.string().max(4096)).default([]),
  attr: z.record(z.string(), attributeSchema).default({}),
});

const argumentSchema = z.object({ name: z.string() });

const functionSchema = z.object({
  signature: z.object({
    name: z.string(),
    inputArg: z.array(argumentSchema).default([]),
    outputArg: z.array(argumentSchema).default([]),
  }),
  nodeDef: z.array(nodeSchema).default([]),
  ret: z.record(z.string(), z.string()).default({}),
});

const graphSchema = z.object({
  node: z.array(nodeSchema),
  library: z.object({ function: z.array(functionSchema).default([]) }).optional(),
});

/**
 * Reads a GraphDef from the JSON form of its protobuf message, as TensorFlow.js keeps it.
 * @throws GraphError `bad-graph` naming the place, or `too-large`
 */
export function graphFromJson(json: Readonly<Record<string, unknown>>): GraphDef {
  if (Array.isArray(json.node) && json.node.length > MAX_NODES) throw tooManyNodes();
  const graph = graphSchema.safeParse(json);
  if (!graph.success) {
    const where = graph.error.issues[0].path.map(String).join('.');
    throw new GraphError(
      'bad-graph',
      `The graph in the model file is malformed at ${printable(where)}; convert the model again.`,
    );
  }
  const { node, library } = graph.data;
  const functions = (library?.function ?? []).map(functionOf);
  return {
    nodes: node.map(nodeOf),
    functions: new Map(functions.map((one) => [one.name, one])),
  };
}

function functionOf({ signature, nodeDef, ret }: z.infer<typeof functionSchema>): FunctionDef {
  return {
    name: signature.name,
    inputs: signature.inputArg.map(({ name }) => name),
    results: signature.outputArg.map(({ name }) => ret[name] ?? ''),
    nodes: nodeDef.map(nodeOf),
  };
}

function nodeOf({ name, op, input, attr }: z.infer<typeof nodeSchema>): NodeDef {
  const attributes = Object.entries(attr).flatMap(([key, value]) => {
    const found = attributeOf(value);
    return found ? [[key, found] as const] : [];
  });
  return { name, op, inputs: input, attributes: new Map(attributes) };
}

function attributeOf(value: z.infer<typeof attributeSchema>): AttributeValue | undefined {
  const { s, i, f, b, type: named, shape, tensor, func, list } = value;
  if (s !== undefined) return { kind: 'string', value: s };
  if (i !== undefined || f !== undefined) return { kind: 'number', value: (i ?? f)! };
  if (b !== undefined) return { kind: 'bool', value: b };
  if (named !== undefined) return { kind: 'type', value: named };
  if ('shape' in value) return { kind: 'shape', value: shape };
  // Values of constants lie in the weights manifest, under the name of the node.
  if (tensor !== undefined) return { kind: 'tensor', value: undefined };
  if (func) return { kind: 'function', value: func.name };
  return list && listOf(list);
}

function listOf({ s, i, f, b, type: types }: z.infer<typeof listSchema>): AttributeValue {
  const strings = s ?? types;
  if (strings && strings.length > 0) return { kind: 'strings', value: strings };
  return { kind: 'numbers', value: i ?? f ?? b?.map(Number) ?? [] };
}
