import { attr } from '../../attributes.ts';
import type { Attribute } from '../../ir.ts';
import type { Converter, Converters } from '../operation.ts';

/**
 * How pixels of the result are mapped to those of the image. For the nearest pixel TensorFlow rounds halves up with
 * aligned corners, and down the scaled pixel centre with half pixels, which is its coordinate rounded half up
 * (tensorflow/core/util/image_resizer_state.h).
 */
function coordinates(aligned: boolean, half: boolean): Record<string, Attribute> {
  const mode = aligned ? 'align_corners' : half ? 'half_pixel' : 'asymmetric';
  return {
    coordinate_transformation_mode: attr.string(mode),
    nearest_mode: attr.string(mode === 'asymmetric' ? 'floor' : 'round_prefer_ceil'),
  };
}

const resize =
  (mode: string): Converter =>
  ({ attributes, planar, integers, planarResult, channels }) => {
    const aligned = attributes.bool('align_corners', false);
    const half = attributes.bool('half_pixel_centers', false);
    const count = channels(0);
    planarResult({
      op: 'Resize',
      inputs: [planar(0), '', '', integers(1)],
      attributes: {
        mode: attr.string(mode),
        axes: attr.ints([2, 3]),
        ...coordinates(aligned, half),
      },
      ...(count === undefined ? {} : { channels: count }),
    });
  };

export const resizes: Converters = {
  ResizeBilinear: resize('linear'),
  ResizeNearestNeighbor: resize('nearest'),
};
