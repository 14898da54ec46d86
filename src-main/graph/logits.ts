import { distance } from 'fastest-levenshtein';
import { attr } from './attributes.ts';
import { GraphError } from './errors.ts';
import { sizeOf, type Graph, type Node, type TypedGraph, type ValueType } from './ir.ts';
import { cutLogits, type Cut, type CutLogits } from './logits-cut.ts';
import { live, specialise } from './specialise.ts';
import { ints } from './tensor.ts';

export interface Logits extends CutLogits {
  /** The output of the model that the logits belong to. */
  readonly output: string;
  /** What was cut off behind the logits, if anything. */
  readonly cut?: Cut;
  /** Number of classes, K. */
  readonly classes: number;
  /** Shape of the logits: [N, K], possibly with further dimensions of 1, or [K] where the batch is 1. */
  readonly dims: readonly number[];
}

type Shapes = Readonly<Record<string, readonly number[]>>;

interface Candidate {
  readonly name: string;
  readonly type: ValueType;
  readonly typed: TypedGraph;
}

/**
 * Finds the class logits: the one output that is a float32 [N, K], before a final Softmax, Sigmoid or LogSoftmax.
 * Of several such outputs, one from which another is computed is a feature, and one called "aux" is auxiliary.
 *
 * @param graph as read
 * @param shapes static dimensions for every input, as for `specialise`; the first dimension is the batch
 * @param output name of the output to take, of any other value of the network, or of a layer that values are named
 * after; found by itself when absent
 * @throws GraphError `ambiguous-output` when several outputs could be class scores or `output` does not exist;
 * `not-a-classifier` when none has the shape of class scores; whatever `specialise` throws
 */
export function findLogits(graph: Graph, shapes: Shapes, output?: string): Logits {
  const batch = Object.values(shapes)[0]?.[0] ?? 1;
  const chosen = output === undefined ? undefined : existing(graph, output);
  const all =
    chosen === undefined ? typedOutputs(graph, shapes) : [typedValue(graph, shapes, chosen)];
  const scores = all.filter(({ type }) => isScores(type, batch));
  if (scores.length === 0) throw noScores(all);
  const named = madeBy(graph);
  const found = scores.map((candidate) => logitsOf(candidate, (name) => named.has(name)));
  const distinct = found.filter(
    (one, i) => found.findIndex(({ logits }) => logits === one.logits) === i,
  );
  const final = distinct.length > 1 ? mainOnes(distinct, scores) : distinct;
  if (final.length !== 1) throw ambiguous(all);
  return final[0];
}

/** A graph whose only output is the logits as [N, K], and which computes nothing else. */
export function withLogits(graph: Graph, { logits, dims }: Pick<Logits, 'logits' | 'dims'>): Graph {
  if (dims.length === 2) return { ...graph, outputs: [logits], nodes: live(graph.nodes, [logits]) };
  const output = `${logits}/matrix`;
  const flat: Node =
    dims.length > 2
      ? {
          name: output,
          op: 'Flatten',
          inputs: [logits],
          outputs: [output],
          attributes: { axis: attr.int(1) },
        }
      : {
          name: output,
          op: 'Reshape',
          inputs: [logits, `${output}/shape`],
          outputs: [output],
          attributes: {},
        };
  const constants = new Map(graph.constants);
  if (dims.length < 2) constants.set(`${output}/shape`, ints([2], [1, -1]));
  return { ...graph, outputs: [output], nodes: live([...graph.nodes, flat], [output]), constants };
}

function logitsOf({ name, type, typed }: Candidate, usable: (name: string) => boolean): Logits {
  const cut = cutLogits(typed, name, usable);
  const { dims } = typed.types.get(cut.logits) ?? type;
  return { ...cut, output: name, classes: sizeOf(dims) / (dims.length > 1 ? dims[0] : 1), dims };
}

/** float32 [N, K], with any number of further dimensions of 1; or [K] for a batch of one. */
function isScores({ dtype, dims }: ValueType, batch: number): boolean {
  if (dtype !== 'float32' || dims.includes(0)) return false;
  if (dims.length === 1) return batch === 1 && dims[0] > 1;
  return (
    dims.length > 1 && dims[0] === batch && dims.slice(1).filter((dim) => dim !== 1).length <= 1
  );
}

/** Drops single numbers, auxiliary outputs, and outputs from which another of them is computed. */
function mainOnes(found: readonly Logits[], candidates: readonly Candidate[]): Logits[] {
  const typed = new Map(candidates.map((candidate) => [candidate.name, candidate.typed]));
  const feeds = (one: Logits, other: Logits): boolean => {
    const graph = typed.get(other.output)!;
    return live(graph.nodes, [other.logits]).some(({ inputs }) => inputs.includes(one.logits));
  };
  const last = found.filter((one) => !found.some((other) => other !== one && feeds(one, other)));
  const main = last.filter(({ output }) => !/(^|[^a-z])aux/i.test(output));
  const several = (main.length > 0 ? main : last).filter(({ classes }) => classes > 1);
  return several.length > 0 ? several : main;
}

function typedOutputs(graph: Graph, shapes: Shapes): Candidate[] {
  if (graph.outputs.length === 1) return [typedValue(graph, shapes, graph.outputs[0])];
  const attempts = graph.outputs.map((name) => attempt(() => typedValue(graph, shapes, name)));
  const typed = attempts.filter((one): one is Candidate => !(one instanceof GraphError));
  // An output that cannot be typed is no hindrance while another can.
  if (typed.length === 0) throw attempts[0] as GraphError;
  return typed;
}

function attempt(make: () => Candidate): Candidate | GraphError {
  try {
    return make();
  } catch (error) {
    if (error instanceof GraphError) return error;
    throw error;
  }
}

function typedValue(graph: Graph, shapes: Shapes, name: string): Candidate {
  const typed = specialise(graph, shapes, [name]);
  const type = typed.types.get(name);
  if (!type) throw new GraphError('bad-graph', `Nothing in the model makes the output ${name}.`);
  return { name, type, typed };
}

/** Values that can be asked for as outputs. */
function madeBy(graph: Graph): Set<string> {
  return new Set(graph.nodes.flatMap((node) => node.outputs));
}

function existing(graph: Graph, name: string): string {
  const made = madeBy(graph);
  if (graph.outputs.includes(name) || made.has(name)) return name;
  // Keras and TensorFlow name layers; what a layer gives is the last that was computed in it.
  const inLayer = [...made].findLast((value) => value.startsWith(`${name}/`));
  if (inLayer !== undefined) return inLayer;
  const near = [...graph.outputs].sort((a, b) => distance(name, a) - distance(name, b)).slice(0, 3);
  throw new GraphError(
    'ambiguous-output',
    `The model has no output ${name}; the nearest names are ${near.join(', ')}.`,
  );
}

function listed(candidates: readonly Candidate[]): string {
  return candidates
    .map(({ name, type }) => `${name} ${type.dtype} [${type.dims.join(', ')}]`)
    .join(', ');
}

function ambiguous(candidates: readonly Candidate[]): GraphError {
  return new GraphError(
    'ambiguous-output',
    `The model has several outputs that could be class scores, ${listed(candidates)}; choose one with --output NAME.`,
  );
}

function noScores(candidates: readonly Candidate[]): GraphError {
  return new GraphError(
    'not-a-classifier',
    `The model has no output of the shape [images, classes], only ${listed(candidates)}; give an image classifier, or choose a value with --output NAME.`,
  );
}
