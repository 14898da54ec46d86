import type { Provider } from './onnxruntime.ts';

/** Something that can be asked to compute, as a person chooses it. */
export interface EngineChoice {
  readonly name: Provider;
  readonly title: string;
  readonly text: string;
  /** Systems that it exists on, as `process.platform` names them; absent: all. */
  readonly platforms?: readonly NodeJS.Platform[];
}

/** All that can be asked for. What cannot be had is replaced by the processor, which says why. */
export const engineChoices: readonly EngineChoice[] = [
  {
    name: 'cpu',
    title: 'Processor',
    text: 'Works everywhere, and gives the same bytes every time.',
  },
  {
    name: 'webgpu',
    title: 'Graphics card, WebGPU',
    text: 'Any recent graphics card with its driver; bytes may differ between machines.',
  },
  {
    name: 'cuda',
    title: 'Graphics card, CUDA',
    text: 'An NVIDIA card, with CUDA 12, cuDNN and onnxruntime’s own CUDA package installed.',
    platforms: ['linux', 'win32'],
  },
  {
    name: 'dml',
    title: 'Graphics card, DirectML',
    text: 'Any DirectX 12 card under Windows.',
    platforms: ['win32'],
  },
  {
    name: 'coreml',
    title: 'Apple’s Core ML',
    text: 'The graphics card or neural engine of a Mac.',
    platforms: ['darwin'],
  },
];

export const engineChoice = (name: string): EngineChoice | undefined =>
  engineChoices.find((choice) => choice.name === name);
