import type { GraphicsCard } from '../../src-main/engine/native-device.ts';
import type { Checked } from './package.ts';

/**
 * What a person is told of a TensorFlow that computes.
 * @param wanted whether it was to compute on a GPU
 * @param cards of this machine, as far as the system tells
 */
export function outcomeInWords(
  { version, gpu }: Checked,
  wanted: boolean,
  cards: readonly GraphicsCard[],
): string[] {
  const device = gpu ? 'on the GPU' : 'on the processor';
  const said = `TensorFlow ${version} computes ${device}. Use it with --engine tensorflow.`;
  if (!wanted || gpu) return [said];
  const [card] = cards.filter(({ name }) => /nvidia|tesla|geforce|quadro/i.test(name));
  const why =
    card === undefined
      ? 'It found no GPU, for the system lists none of NVIDIA; install its driver, and see that nvidia-smi names the card.'
      : `It does not compute on ${card.name}: CUDA or cuDNN, as this TensorFlow wants them, or the driver is missing or too old; see docs/engines.md.`;
  return [said, why];
}
