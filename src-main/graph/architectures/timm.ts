import type { TensorSource } from './weights.ts';

/** How timm (https://github.com/huggingface/pytorch-image-models) writes a network that torchvision has too. */
interface Dialect {
  /** Tensors that tell it from others. */
  readonly signature: readonly string[];
  /** torchvision's name of a tensor; a tensor that torchvision lacks keeps its own. */
  rename(name: string): string;
  /** A preset's name, where most of timm's own weights do not want torchvision's. */
  readonly preprocessing?: 'tf';
  readonly notes?: readonly string[];
}

const vit: Dialect = {
  signature: [
    ...['cls_token', 'pos_embed', 'patch_embed.proj.weight', 'norm.weight', 'head.weight'],
    'blocks.0.attn.qkv.weight',
  ],
  rename: (name) =>
    name
      .replace(/^cls_token$/, 'class_token')
      .replace(/^pos_embed$/, 'encoder.pos_embedding')
      .replace(/^patch_embed\.proj\./, 'conv_proj.')
      .replace(/^norm\./, 'encoder.ln.')
      .replace(/^head\./, 'heads.head.')
      .replace(/^blocks\.(\d+)\.norm([12])\./, 'blocks.$1.ln_$2.')
      .replace(/^blocks\.(\d+)\.attn\.qkv\./, 'blocks.$1.self_attention.in_proj_')
      .replace(/^blocks\.(\d+)\.attn\.proj\./, 'blocks.$1.self_attention.out_proj.')
      .replace(/^blocks\.(\d+)\.mlp\.fc1\./, 'blocks.$1.mlp.0.')
      .replace(/^blocks\.(\d+)\.mlp\.fc2\./, 'blocks.$1.mlp.3.')
      .replace(
        /^blocks\.(\d+)\.(?=ln_|self_attention|mlp\.[03])/,
        'encoder.layers.encoder_layer_$1.',
      ),
  preprocessing: 'tf',
  notes: [
    "Most of timm's ViT weights want pixels from −1 to 1, which is assumed; those of DeiT want the preprocessing imagenet.",
  ],
};

const convnext: Dialect = {
  signature: [
    ...['stem.0.weight', 'stages.0.blocks.0.gamma', 'stages.0.blocks.0.conv_dw.weight'],
    ...['head.norm.weight', 'head.fc.weight'],
  ],
  // torchvision counts stages and what lies between them together: 0 is the stem, 1 the first stage.
  rename: (name) =>
    name
      .replace(/^stem\./, 'features.0.')
      .replace(/^head\.norm\./, 'classifier.0.')
      .replace(/^head\.fc\./, 'classifier.2.')
      .replace(/^stages\.(\d+)\.downsample\./, (_, at) => `features.${2 * Number(at)}.`)
      .replace(/^(stages\.\d+\.blocks\.\d+)\.gamma$/, '$1.layer_scale')
      .replace(/^(stages\.\d+\.blocks\.\d+)\.conv_dw\./, '$1.block.0.')
      .replace(/^(stages\.\d+\.blocks\.\d+)\.norm\./, '$1.block.2.')
      .replace(/^(stages\.\d+\.blocks\.\d+)\.mlp\.fc1\./, '$1.block.3.')
      .replace(/^(stages\.\d+\.blocks\.\d+)\.mlp\.fc2\./, '$1.block.5.')
      .replace(
        /^stages\.(\d+)\.blocks\.(?=\d+\.(?:layer_scale|block\.))/,
        (_, at) => `features.${2 * Number(at) + 1}.`,
      ),
};

export interface Translated {
  readonly source: TensorSource;
  /** Whose names the file has. */
  readonly library: 'torchvision' | 'timm';
  readonly preprocessing?: 'tf';
  readonly notes: readonly string[];
}

/** Gives the tensors of a ViT or ConvNeXt of timm the names and shapes that torchvision gives them; others stay. */
export function asTorchvision(source: TensorSource): Translated {
  const dialect = [vit, convnext].find(({ signature }) =>
    signature.every((name) => source.shapes.has(name)),
  );
  if (!dialect) return { source, library: 'torchvision', notes: [] };
  const { preprocessing, notes = [] } = dialect;
  return {
    source: renamed(source, dialect),
    library: 'timm',
    notes,
    ...(preprocessing ? { preprocessing } : {}),
  };
}

function renamed(source: TensorSource, dialect: Dialect): TensorSource {
  const { shapes } = source;
  const theirs = new Map([...shapes.keys()].map((name) => [dialect.rename(name), name]));
  return {
    shapes: new Map([...theirs].map(([name, old]) => [name, reshaped(name, shapes.get(old)!)])),
    read(name) {
      const { dims, ...tensor } = source.read(theirs.get(name)!);
      return { ...tensor, dims: reshaped(name, dims) };
    },
  };
}

/** timm scales a layer by [C] instead of [C, 1, 1], and writes some linear layers as 1 × 1 convolutions. */
function reshaped(name: string, dims: readonly number[]): readonly number[] {
  if (name.endsWith('.layer_scale') && dims.length === 1) return [...dims, 1, 1];
  const isLinear = /\.block\.[35]\.weight$/.test(name) && dims.length === 4;
  return isLinear && dims[2] === 1 && dims[3] === 1 ? dims.slice(0, 2) : dims;
}
