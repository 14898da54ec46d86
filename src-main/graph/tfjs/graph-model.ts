import { z } from 'zod';
import type { Graph, Tensor } from '../ir.ts';
import { inlineCalls } from '../tensorflow/functions.ts';
import type { NodeDef, Shape } from '../tensorflow/graph-def.ts';
import { graphFromJson } from '../tensorflow/json.ts';
import { graphOf } from '../tensorflow/read.ts';
import type { TfjsFile } from './manifest.ts';

const size = z.union([z.number(), z.string()]).transform(Number);
const shape = z.object({
  dim: z
    .array(z.object({ size: size.default(-1) }))
    .max(32)
    .default([]),
  unknownRank: z.boolean().default(false),
});
const tensorSchema = z.object({ name: z.string(), tensorShape: shape.optional() });

/** A tensor that is given by a resource, as hash tables are, has no name. */
const signatureSchema = z.object({
  inputs: z.record(z.string(), tensorSchema).default({}),
  outputs: z.record(z.string(), tensorSchema).default({}),
});

/**
 * The graph of a model that `tensorflowjs_converter` wrote (`format: graph-model`).
 * @throws GraphError, as `graphOf` does
 */
export function readGraphModel({ topology, signature, weights }: TfjsFile): {
  graph: Graph;
  notes: readonly string[];
} {
  const stated = signatureSchema.safeParse(signature);
  const { inputs = {}, outputs = {} } = stated.success ? stated.data : {};
  return graphOf(inlineCalls(graphFromJson(topology)), {
    weight: ({ name }: NodeDef): Tensor | undefined => weights.get(name),
    inputs: new Map(Object.values(inputs).map((one) => [nodeName(one.name), shapeOf(one)])),
    outputs: Object.values(outputs).map((one) => nodeName(one.name)),
  });
}

/** The first output of a node is written `node:0` or `node`. */
const nodeName = (name: string): string => name.replace(/:0$/, '');

function shapeOf({ tensorShape }: z.infer<typeof tensorSchema>): Shape {
  if (!tensorShape || tensorShape.unknownRank) return undefined;
  return tensorShape.dim.map((dim) => dim.size);
}
