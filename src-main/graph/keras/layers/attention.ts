import { attr } from '../../attributes.ts';
import type { Tensor } from '../../ir.ts';
import { sizeOf } from '../../ir.ts';
import type { Layer, LayerCall } from '../layer.ts';
import type { Value } from '../network.ts';

const PARTS = {
  query: { name: 'query', counted: 'query_dense' },
  key: { name: 'key', counted: 'key_dense' },
  value: { name: 'value', counted: 'value_dense' },
  output: { name: 'attention_output', counted: 'output_dense' },
};

/**
 * MultiHeadAttention of a sequence [N, T, C] with another or itself: softmax(Q Kᵀ / √d) V for each head, Vaswani et al.
 * (arXiv:1706.03762), https://keras.io/api/layers/attention_layers/multi_head_attention/.
 */
const attention: Layer = (call) => {
  const { settings, network, module } = call;
  const heads = settings.count('num_heads');
  const depth = settings.count('key_dim');
  const width = settings.raw('value_dim') === undefined ? depth : settings.count('value_dim');
  const [query, value, key] = inputsOf(call);
  const scaled = network.op('Mul', module, [
    project(call, query, PARTS.query, 1),
    network.scalar(module, 1 / Math.sqrt(depth)),
  ]);
  const perHead = (sequence: string, size: number, perm: readonly number[]): string => {
    const shape = network.vector(module, [0, -1, heads, size]);
    return network.transpose(module, network.op('Reshape', module, [sequence, shape]), perm);
  };
  const queries = perHead(scaled, depth, [0, 2, 1, 3]);
  const keys = perHead(project(call, key, PARTS.key, 1), depth, [0, 2, 3, 1]);
  const values = perHead(project(call, value, PARTS.value, 1), width, [0, 2, 1, 3]);
  const scores = network.op('MatMul', module, [queries, keys]);
  const shares = network.op('Softmax', module, [scores], { axis: attr.int(-1) });
  const mixed = network.transpose(
    module,
    network.op('MatMul', module, [shares, values]),
    [0, 2, 1, 3],
  );
  const together = network.op('Reshape', module, [
    mixed,
    network.vector(module, [0, -1, heads * width]),
  ]);
  return { ...query, name: project(call, { ...query, name: together }, PARTS.output, 2) };
};

/** Query, value and key, by position or by name; the key is the value where it is not given. */
function inputsOf(call: LayerCall): [Value, Value, Value] {
  const { values, named, network, module } = call;
  const query = values[0] ?? named.query;
  const value = values[1] ?? named.value;
  const key = values[2] ?? named.key ?? value;
  const isMasked = Object.keys(named).some((name) => name.includes('mask')) || values.length > 3;
  if (!query || !value || isMasked)
    throw call.refuse('is called with masks, or without its values');
  return [query, value, key].map((each) => {
    if (each.rank !== 3) throw call.refuse('is called with something else than sequences');
    return network.plain(module, each);
  }) as [Value, Value, Value];
}

/** A dense layer whose kernel has heads: [in, heads, depth], or [heads, depth, out]. @param inputs axes that are summed */
function project(
  call: LayerCall,
  value: Value,
  part: (typeof PARTS)['query'],
  inputs: number,
): string {
  const { network, module, settings } = call;
  const hasBias = settings.flag(true, 'use_bias');
  const [kernel, bias] = call.weights(hasBias ? ['kernel', 'bias'] : ['kernel'], part);
  if (kernel.dims.length !== 3) throw call.refuse('has kernels of another shape');
  const dims = [sizeOf(kernel.dims.slice(0, inputs)), sizeOf(kernel.dims.slice(inputs))];
  const shaped = (role: string, weight: Tensor, to: readonly number[]): string =>
    network.constant(module, `${part.name}/${role}`, { ...weight, dims: to });
  const product = network.op('MatMul', module, [value.name, shaped('kernel', kernel, dims)]);
  if (!bias) return product;
  return network.op('Add', module, [product, shaped('bias', bias, [dims[1]])]);
}

export const attentions: Readonly<Record<string, Layer>> = { MultiHeadAttention: attention };
