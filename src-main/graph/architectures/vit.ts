import { attr } from '../attributes.ts';
import { GraphError } from '../errors.ts';
import type { Architecture } from './architecture.ts';
import type { TorchNetwork } from './torch-network.ts';
import type { Weights } from './weights.ts';

const EPSILON = 1e-6;
const ATTENTION_WIDTH = 64;

/** By layers and width. */
const FORMS: Readonly<Record<string, string>> = {
  '12 192': 'ViT-Ti',
  '12 384': 'ViT-S',
  '12 768': 'ViT-B',
  '24 1024': 'ViT-L',
  '32 1280': 'ViT-H',
};

/** Vision transformer: Dosovitskiy et al. (arXiv:2010.11929). The number of heads is not in the weights: see `headsOf`. */
export const vit: Architecture = {
  name: 'ViT',
  signature: [
    'class_token',
    'conv_proj.weight',
    'encoder.pos_embedding',
    'encoder.layers.encoder_layer_0.ln_1.weight',
  ],
  build(network, weights, input) {
    const [width, , patch] = weights.ranked('conv_proj.weight', 4);
    const layers = weights.count('encoder.layers.encoder_layer_');
    let value = tokens(network, input, width, patch);
    for (let i = 0; i < layers; i++) {
      value = block(network, weights, `encoder.layers.encoder_layer_${i}`, value, width);
    }
    value = network.layerNorm('encoder.ln', value, EPSILON);
    const first = { axis: attr.int(1) };
    const token = network.op('Gather', '', [value, network.index('', 0)], first);
    const form = FORMS[`${layers} ${width}`];
    return {
      logits: head(network, weights, token),
      size: rowsOf(weights) * patch,
      isFixed: true,
      ...(form ? { variant: `${form}/${patch}` } : {}),
    };
  },
};

/** Patches along a side of the image: one position is the class token's. */
function rowsOf(weights: Weights): number {
  const [, count] = weights.ranked('encoder.pos_embedding', 3);
  const rows = Math.sqrt(count - 1);
  if (count > 1 && Number.isInteger(rows)) return rows;
  throw new GraphError(
    'bad-graph',
    `The file looks like a ViT with ${count} positions, which are not those of a class token and a square of patches; export the network to ONNX.`,
  );
}

/** Patches as a sequence [N, patches + 1, width], with the class token before them and positions added. */
function tokens(network: TorchNetwork, input: string, width: number, patch: number): string {
  const patches = network.conv('conv_proj', input, { stride: patch });
  const flat = network.reshape('', patches, [0, width, -1]);
  const sequence = network.transpose('', flat, [0, 2, 1]);
  const batch = network.op('Shape', '', [sequence], { end: attr.int(1) });
  const dims = network.join('', [batch, network.vector('', [1, width])], 0);
  const token = network.op('Expand', '', [network.parameter('class_token'), dims]);
  const all = network.join('', [token, sequence], 1);
  return network.op('Add', 'encoder', [all, network.parameter('encoder.pos_embedding')]);
}

function block(
  network: TorchNetwork,
  weights: Weights,
  name: string,
  value: string,
  width: number,
): string {
  const normal = network.layerNorm(`${name}.ln_1`, value, EPSILON);
  const attended = attention(network, `${name}.self_attention`, normal, width);
  const sum = network.op('Add', name, [attended, value]);
  const second = network.layerNorm(`${name}.ln_2`, sum, EPSILON);
  return network.op('Add', name, [sum, perceptron(network, weights, `${name}.mlp`, second)]);
}

/** MLPBlock; older files call its layers linear_1 and linear_2. */
function perceptron(network: TorchNetwork, weights: Weights, name: string, value: string): string {
  const isNew = weights.has(`${name}.0.weight`);
  const [first, between, last] = isNew ? ['0', '1', '3'] : ['linear_1', 'act', 'linear_2'];
  const hidden = network.project(`${name}.${first}`, value);
  const active = network.activation('Gelu', `${name}.${between}`, hidden);
  return network.project(`${name}.${last}`, active);
}

/** MultiheadAttention of a sequence with itself: softmax(Q Kᵀ / √d) V for each head. */
function attention(network: TorchNetwork, name: string, value: string, width: number): string {
  const heads = headsOf(width);
  const depth = width / heads;
  const [weight, bias] = [`${name}.in_proj_weight`, `${name}.in_proj_bias`];
  const all = network.project(name, value, weight, bias);
  const [query, key, content] = network.split(name, all, 3, -1);
  const perHead = (part: string, perm: readonly number[]): string =>
    network.transpose(name, network.reshape(name, part, [0, -1, heads, depth]), perm);
  const scaled = network.op('Mul', name, [query, network.scalar(name, depth ** -0.5)]);
  const keys = perHead(key, [0, 2, 3, 1]);
  const scores = network.op('MatMul', name, [perHead(scaled, [0, 2, 1, 3]), keys]);
  const shares = network.op('Softmax', name, [scores], { axis: attr.int(-1) });
  const mixed = network.op('MatMul', name, [shares, perHead(content, [0, 2, 1, 3])]);
  const together = network.reshape(name, network.transpose(name, mixed, [0, 2, 1, 3]), [
    0,
    -1,
    width,
  ]);
  // PyTorch applies out_proj as a function: it is no module that runs.
  return network.project(name, together, `${name}.out_proj.weight`, `${name}.out_proj.bias`);
}

/** Heads of 64, as up to ViT-L; ViT-H has 16 of 80. Those of larger and of very small networks differ. */
function headsOf(width: number): number {
  if (width === 1280) return 16;
  if (width % ATTENTION_WIDTH === 0 && width >= 128 && width <= 1024)
    return width / ATTENTION_WIDTH;
  throw new GraphError(
    'bad-graph',
    `The file looks like a ViT of width ${width}, whose number of heads cannot be told from its weights; export the network to ONNX.`,
  );
}

function head(network: TorchNetwork, weights: Weights, token: string): string {
  if (!weights.has('heads.pre_logits.weight')) return network.linear('heads.head', token);
  const hidden = network.linear('heads.pre_logits', token);
  return network.linear('heads.head', network.op('Tanh', 'heads.act', [hidden]));
}
