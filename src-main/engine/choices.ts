import type { Provider } from './onnxruntime.ts';

/** onnxruntime on one of its providers, or TensorFlow on one of its backends. */
export type EngineName = Provider | 'tensorflow' | 'tensorflow-wasm' | 'tensorflow-cpu';

/** What stands in the place of a name where Eidoscope is to choose. */
export const AUTOMATIC = 'auto';

/** Something that can be asked to compute, as a person chooses it. */
export interface EngineChoice {
  readonly name: EngineName | typeof AUTOMATIC;
  readonly title: string;
  readonly text: string;
  /** Systems that it exists on, as `process.platform` names them; absent: all. */
  readonly platforms?: readonly NodeJS.Platform[];
}

/** All that can be asked for. What cannot be had is replaced by the processor, which says why. */
export const engineChoices: readonly EngineChoice[] = [
  {
    name: AUTOMATIC,
    title: 'Automatic',
    text: 'Tries what this machine has, and takes the fastest.',
  },
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
  {
    name: 'tensorflow',
    title: 'TensorFlow',
    text: 'Once npm run setup:tensorflow has prepared it; on the graphics card where it was built for one.',
  },
  {
    name: 'tensorflow-wasm',
    title: 'TensorFlow.js, WebAssembly',
    text: 'Works everywhere, on one thread; slow, and good for checking other engines.',
  },
  {
    name: 'tensorflow-cpu',
    title: 'TensorFlow.js, JavaScript',
    text: 'Works everywhere; very slow, and good for checking other engines.',
  },
];

/** All engines by name. */
export const engineNames: readonly EngineName[] = engineChoices.flatMap(({ name }) =>
  name === AUTOMATIC ? [] : [name],
);

export const engineChoice = (name: string): EngineChoice | undefined =>
  engineChoices.find((choice) => choice.name === name);
