import { sizeOf, stridesOf, type Tensor } from '../ir.ts';
import { floats, numbersOf } from '../tensor.ts';
import { spanOf, type Windows } from './window.ts';

/**
 * How the adjoint of a strided convolution is computed along one axis. Position x = stride·i + r of the input belongs
 * to phase r, and within a phase the adjoint is an ordinary convolution of the cotangent: with stride·q = r + pad −
 * dilation·k, tap k of the kernel multiplies the cotangent at i + q. (Sub-pixel convolution: Shi et al. 2016,
 * arXiv 1609.05158, section 3.) With stride 1 there is one phase, and the kernel is flipped.
 */
export interface AxisPlan {
  readonly stride: number;
  /** Phases that any tap reaches; the others stay zero. */
  readonly phases: readonly number[];
  /** Which element of the scatter kernel, for which entry of `phases`, each tap of the kernel becomes. */
  readonly taps: readonly { readonly phase: number; readonly at: number; readonly tap: number }[];
  /** Size and dilation of the scatter kernel. */
  readonly length: number;
  readonly dilation: number;
  /** Padding of the cotangent; negative where it is to be cropped. */
  readonly begin: number;
  readonly end: number;
}

export function planAxis(windows: Windows, axis: number): AxisPlan {
  const stride = windows.strides[axis];
  return stride === 1 ? flipAxis(windows, axis) : phaseAxis(windows, axis, stride);
}

function flipAxis(windows: Windows, axis: number): AxisPlan {
  const length = windows.kernel[axis];
  const dilation = windows.dilations[axis];
  const reach = spanOf(length, dilation) - 1;
  const taps = Array.from({ length }, (_, tap) => ({ phase: 0, at: length - 1 - tap, tap }));
  const begin = reach - windows.begin[axis];
  const end = windows.input[axis] + reach - begin - windows.output[axis];
  return { stride: 1, phases: [0], taps, length, dilation, begin, end };
}

function phaseAxis(windows: Windows, axis: number, stride: number): AxisPlan {
  const reached = Array.from({ length: windows.kernel[axis] }, (_, tap) => {
    const offset = windows.dilations[axis] * tap - windows.begin[axis];
    const phase = ((offset % stride) + stride) % stride;
    return { phase, shift: (phase - offset) / stride, tap };
  });
  const phases = [...new Set(reached.map(({ phase }) => phase))].sort((a, b) => a - b);
  const first = Math.min(...reached.map(({ shift }) => shift));
  const last = Math.max(...reached.map(({ shift }) => shift));
  const count = Math.ceil(windows.input[axis] / stride);
  return {
    stride,
    phases,
    taps: reached.map(({ phase, shift, tap }) => ({
      phase: phases.indexOf(phase),
      at: shift - first,
      tap,
    })),
    length: last - first + 1,
    dilation: 1,
    begin: -first,
    end: count + last - windows.output[axis],
  };
}

/**
 * Rearranges a convolution's weights [M, C/groups, kernel…] into those of its adjoint: [C · phases, M/groups, length…],
 * output channel c·phases + phase, so that groups stay together.
 */
export function scatterKernel(weights: Tensor, groups: number, plans: readonly AxisPlan[]): Tensor {
  const [outputs, inputs, ...kernel] = weights.dims;
  const perGroup = outputs / groups;
  const lengths = plans.map((plan) => plan.length);
  const phases = sizeOf(plans.map((plan) => plan.phases.length));
  const dims = [inputs * groups * phases, perGroup, ...lengths];
  const result = new Float32Array(sizeOf(dims));
  const source = numbersOf(weights);
  const places = placesOf(plans, kernel);
  const [taps, area] = [sizeOf(kernel), sizeOf(lengths)];
  for (let m = 0; m < outputs; m++) {
    for (let c = 0; c < inputs; c++) {
      const channel = (Math.floor(m / perGroup) * inputs + c) * phases;
      for (let k = 0; k < taps; k++) {
        const row = (channel + places[k].phase) * perGroup + (m % perGroup);
        result[row * area + places[k].at] = source[(m * inputs + c) * taps + k];
      }
    }
  }
  return floats(dims, result);
}

/** For each element of the kernel, in row-major order: its phase and its place, both flattened over the axes. */
function placesOf(
  plans: readonly AxisPlan[],
  kernel: readonly number[],
): { phase: number; at: number }[] {
  const phaseStrides = stridesOf(plans.map((plan) => plan.phases.length));
  const placeStrides = stridesOf(plans.map((plan) => plan.length));
  const kernelStrides = stridesOf(kernel);
  return Array.from({ length: sizeOf(kernel) }, (_, k) => {
    let [phase, at] = [0, 0];
    plans.forEach((plan, axis) => {
      const tap = plan.taps[Math.floor(k / kernelStrides[axis]) % kernel[axis]];
      phase += tap.phase * phaseStrides[axis];
      at += tap.at * placeStrides[axis];
    });
    return { phase, at };
  });
}
