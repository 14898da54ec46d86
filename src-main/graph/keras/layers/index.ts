import type { Layer } from '../layer.ts';
import { activations } from './activation.ts';
import { attentions } from './attention.ts';
import { convolutions } from './convolution.ts';
import { coreLayers } from './core.ts';
import { merges } from './merge.ts';
import { normalisations } from './normalisation.ts';
import { poolings } from './pooling.ts';
import { shapes } from './shape.ts';

const layers: ReadonlyMap<string, Layer> = new Map(
  [
    activations,
    attentions,
    convolutions,
    coreLayers,
    merges,
    normalisations,
    poolings,
    shapes,
  ].flatMap((family) => Object.entries(family)),
);

/** Names of all layers that are read, besides models and inputs, in alphabetical order. */
export const knownLayers: readonly string[] = [...layers.keys()].sort();

/** The layer of that class name, or `undefined`. */
export function layerOf(kind: string): Layer | undefined {
  return layers.get(kind);
}
