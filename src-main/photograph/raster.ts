/** An image of 8-bit samples, interleaved, row by row, as decoders write it. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** height × width × channels samples. */
  readonly data: Uint8Array;
}

/** A rectangle of pixels; it may reach outside the image that it frames. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
