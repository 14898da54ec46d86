import type { TorchNetwork } from './torch-network.ts';
import type { Weights } from './weights.ts';

/** A family of networks of torchvision, told by the names and shapes of its tensors. */
export interface Architecture {
  /** As people know it. */
  readonly name: string;
  /** Tensors that every network of this family has, and no other family has together. */
  readonly signature: readonly string[];
  /** Tensors that a training run leaves behind and that the logits do not need. */
  readonly spare?: RegExp;
  /** A preset's name, where torchvision's own weights do not want `imagenet`. */
  readonly preprocessing?: 'tf';
  /** What a person should know, one sentence each. */
  readonly notes?: readonly string[];
  /**
   * Adds the network.
   * @param input value [N, 3, H, W]
   * @returns the logits, and the side of the square images that torchvision's own weights take, in pixels
   */
  build(network: TorchNetwork, weights: Weights, input: string): Built;
}

export interface Built {
  readonly logits: string;
  readonly size: number;
  /** Whether another size does not fit the weights. */
  readonly isFixed?: boolean;
  /** More exact than the family, e.g. `ResNet-50`. */
  readonly variant?: string;
}
