import { fitOf, fitOrFull, fitted, panned, zoomedAt, type Size, type Zoom } from './zoom.ts';

/** How pictures are looked at: one pane alone, or several in step. */
export class Viewport {
  zoom = $state.raw<Zoom>(fitted);
  #pane = $state.raw<Size>({ width: 1, height: 1 });
  #picture = $state.raw<Size>({ width: 1, height: 1 });

  /** A pane tells its size and its picture's; panes in step are of the same size. */
  measure(pane: Size, picture: Size): void {
    this.#pane = pane;
    this.#picture = picture;
  }

  /** How large pixels are shown, for a person. */
  get name(): string {
    if (this.zoom.scale === 1) return 'Fit';
    return `${Math.round(100 * fitOf(this.#picture, this.#pane) * this.zoom.scale)} %`;
  }

  pan(dx: number, dy: number): void {
    this.zoom = panned(this.zoom, dx, dy, this.#picture, this.#pane);
  }

  /** @param point in pane pixels from the pane's middle */
  zoomAt(factor: number, point = { x: 0, y: 0 }): void {
    this.zoom = zoomedAt(this.zoom, factor, point, this.#picture, this.#pane);
  }

  fit(): void {
    this.zoom = fitted;
  }

  fitOrFull(): void {
    this.zoom = fitOrFull(this.zoom, this.#picture, this.#pane);
  }
}
