import { GraphError } from '../errors.ts';
import type { Tensor } from '../ir.ts';
import type { Hdf5Content } from './hdf5.ts';
import { NamedWeights, type LayerPath, type Part, type WeightStore } from './weights.ts';

function tensorOf({ tensors }: Hdf5Content, path: string): Tensor | undefined {
  const found = tensors.get(path);
  return found && { dtype: 'float32', ...found };
}

/**
 * Weights of a `.h5` file of Keras 1 to 3: each layer of the model has a group, whose attribute lists its weights in
 * order, whatever they are called. Layers of a model in the model share its group and are told by name.
 */
export class GroupedWeights implements WeightStore {
  readonly #content: Hdf5Content;
  readonly #lists = new Map<string, string[]>();
  readonly #named: NamedWeights;

  /** @param root of the groups, `model_weights` */
  constructor(content: Hdf5Content, root: string) {
    this.#content = content;
    for (const [at, names] of content.texts) {
      // Long lists are cut into weight_names0, weight_names1, …
      const group = new RegExp(`^${root}/([^@]+)@weight_names\\d*$`).exec(at)?.[1];
      if (group === undefined || !Array.isArray(names)) continue;
      const paths = (names as string[]).map((name) => `${root}/${group}/${name}`);
      this.#lists.set(group, [...(this.#lists.get(group) ?? []), ...paths]);
    }
    const all = [...this.#lists.values()].flat();
    this.#named = new NamedWeights(all, (path) => {
      const found = tensorOf(content, path);
      if (found) return found;
      throw new GraphError('bad-graph', 'The file lists weights that it lacks; save it again.');
    });
  }

  find(path: LayerPath, roles: readonly string[], part?: Part): readonly Tensor[] | undefined {
    const list = this.#lists.get(path.names[0]) ?? [];
    if (path.names.length > 1 || part || list.length !== roles.length) {
      return this.#named.find(path, roles, part);
    }
    const found = list.map((name) => tensorOf(this.#content, name));
    return found.every((tensor) => tensor !== undefined) ? found : undefined;
  }
}

/** Names under which a model keeps its layers, the second in files of Keras 2.12. */
const CONTAINERS = ['layers', '_layer_checkpoint_dependencies'];

/** Weights of a `.keras` file: `layers/conv2d_1/vars/0`, counted by kind of layer (keras/src/saving/saving_lib.py). */
export class CountedWeights implements WeightStore {
  readonly #content: Hdf5Content;

  constructor(content: Hdf5Content) {
    this.#content = content;
  }

  find(
    { counted }: LayerPath,
    roles: readonly string[],
    part?: Part,
  ): readonly Tensor[] | undefined {
    for (const container of CONTAINERS) {
      const layer = counted.map((name) => `${container}/${name}`).join('/');
      const folder = `${part ? `${layer}/${part.counted}` : layer}/vars`;
      const found = roles.map((_, i) => tensorOf(this.#content, `${folder}/${i}`));
      if (found.every((tensor) => tensor !== undefined)) return found;
    }
    return undefined;
  }
}
