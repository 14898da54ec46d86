import { GraphError } from '../errors.ts';
import type { Tensor } from '../ir.ts';
import { printable } from '../onnx/wording.ts';

/** The way to a layer: its name, after those of the models that it lies in, and Keras 3's own names of the same. */
export interface LayerPath {
  readonly names: readonly string[];
  /** As files of Keras 3 count them: `conv2d`, `conv2d_1`, … by kind, whatever the layers are called. */
  readonly counted: readonly string[];
}

/** A part of a layer that has weights of its own, such as the query of an attention. */
export interface Part {
  readonly name: string;
  /** In files of Keras 3. */
  readonly counted: string;
}

/** Where the weights of a model lie. */
export interface WeightStore {
  /**
   * The weights of a layer, in the order of `roles`, or `undefined` where one is missing.
   * @param roles such as `kernel` and `bias`, all that the layer has, in the order in which Keras keeps them
   */
  find(path: LayerPath, roles: readonly string[], part?: Part): readonly Tensor[] | undefined;
}

/** Weights by name, as TensorFlow.js and Keras 1 and 2 keep them: `conv1/kernel`, `model/conv1/kernel:0`, `conv1_W`. */
export class NamedWeights implements WeightStore {
  readonly #read: (name: string) => Tensor;
  readonly #exact = new Map<string, string>();
  readonly #byEnd = new Map<string, string | null>();

  /** @param names as the file has them @param read gives the tensor of one of them */
  constructor(names: Iterable<string>, read: (name: string) => Tensor) {
    this.#read = read;
    for (const name of names) {
      const plain = name.replace(/:\d+$/, '');
      this.#exact.set(plain, name);
      for (const end of endsOf(plain)) {
        // An end that two weights share belongs to neither.
        this.#byEnd.set(end, this.#byEnd.has(end) ? null : name);
      }
    }
  }

  find({ names }: LayerPath, roles: readonly string[], part?: Part): Tensor[] | undefined {
    const layer = names.at(-1)!;
    const found = roles.map((role) => this.#nameOf(names, layer, role, part));
    return found.every((name) => name !== undefined) ? found.map(this.#read) : undefined;
  }

  #nameOf(
    names: readonly string[],
    layer: string,
    role: string,
    part: Part | undefined,
  ): string | undefined {
    const inner = part ? `${part.name}/` : '';
    for (const each of [role, ...(OLD_ROLES[role] ?? [])]) {
      const ways = names.map((_, i) => `${names.slice(i).join('/')}/${inner}${each}`);
      for (const way of [...ways, `${layer}_${each}`, `${layer}/${layer}_${each}`]) {
        const found = this.#exact.get(way) ?? this.#byEnd.get(way);
        if (found !== undefined && found !== null) return found;
      }
    }
    return undefined;
  }
}

/** What Keras 1 called its weights; its `running_std` holds the variance. */
const OLD_ROLES: Readonly<Record<string, readonly string[]>> = {
  kernel: ['W'],
  bias: ['b'],
  moving_mean: ['running_mean'],
  moving_variance: ['running_std', 'running_var'],
};

/** All ends of a name that begin at a part, at most eight. */
function endsOf(name: string): string[] {
  const parts = name.split('/').slice(-8);
  return parts.map((_, i) => parts.slice(i).join('/'));
}

/** @throws GraphError `bad-graph` naming the layer */
export function missingWeights(path: LayerPath, roles: readonly string[]): GraphError {
  return new GraphError(
    'bad-graph',
    `The file lacks weights (${roles.join(', ')}) of the layer ${printable(path.names.join('/'))}; save the whole model again.`,
  );
}
