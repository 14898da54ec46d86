import { sizeOf, stridesOf, type Tensor } from '../ir.ts';
import { numbersOf } from '../tensor.ts';
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
  const taps = Array.from({ length: windows.kernel[axis] }, (_, tap) => {
    const offset = windows.dilations[axis] * tap - windows.begin[axis];
    const phase = ((offset % stride) + stride) % stride;
    return { phase, shift: (phase - offset) / stride, tap };
  });
  return phasePlan(taps, stride, Math.ceil(windows.input[axis] / stride), windows.output[axis]);
}

interface ShiftedTap {
  readonly phase: number;
  readonly shift: number;
  readonly tap: number;
}

/** @param count elements of each phase; @param output elements of the cotangent */
function phasePlan(
  reached: readonly ShiftedTap[],
  stride: number,
  count: number,
  output: number,
): AxisPlan {
  const phases = [...new Set(reached.map(({ phase }) => phase))].sort((a, b) => a - b);
  const first = Math.min(...reached.map(({ shift }) => shift));
  const last = Math.max(...reached.map(({ shift }) => shift));
  const taps = reached.map(({ phase, shift, tap }) => ({
    phase: phases.indexOf(phase),
    at: shift - first,
    tap,
  }));
  const length = last - first + 1;
  return { stride, phases, taps, length, dilation: 1, begin: -first, end: count + last - output };
}

/** The part of a plan that computes one phase, with a kernel no longer than that phase needs. */
export function onePhase(plan: AxisPlan, index: number): AxisPlan {
  const own = plan.taps.filter((tap) => tap.phase === index);
  const first = Math.min(...own.map(({ at }) => at));
  const last = Math.max(...own.map(({ at }) => at));
  return {
    ...plan,
    phases: [plan.phases[index]],
    taps: own.map(({ at, tap }) => ({ phase: 0, at: at - first, tap })),
    length: last - first + 1,
    begin: plan.begin - first * plan.dilation,
    end: plan.end - (plan.length - 1 - last) * plan.dilation,
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
  const data = new Float32Array(sizeOf(dims));
  const source = numbersOf(weights);
  const [taps, area] = [sizeOf(kernel), sizeOf(lengths)];
  // Weights are millions, so the inner loop holds nothing but two offsets: into a row of the result, into the kernel.
  const places = placesOf(plans, kernel);
  const to = Int32Array.from(places, ({ phase, at }) => phase * perGroup * area + at);
  const from = Int32Array.from(places, ({ tap }) => tap);
  for (let m = 0; m < outputs; m++) {
    const channel = Math.floor(m / perGroup) * inputs;
    for (let c = 0; c < inputs; c++) {
      const row = ((channel + c) * phases * perGroup + (m % perGroup)) * area;
      const start = (m * inputs + c) * taps;
      for (let i = 0; i < to.length; i++) data[row + to[i]] = source[start + from[i]];
    }
  }
  return { dtype: 'float32', dims, data };
}

/** Each element of the kernel that is used: its phase, its place and itself, flattened over the axes. */
function placesOf(
  plans: readonly AxisPlan[],
  kernel: readonly number[],
): { phase: number; at: number; tap: number }[] {
  const strides = stridesOf(kernel);
  const phases = stridesOf(plans.map((plan) => plan.phases.length));
  const lengths = stridesOf(plans.map((plan) => plan.length));
  return plans.reduce(
    (places, plan, axis) =>
      places.flatMap((place) =>
        plan.taps.map((tap) => ({
          phase: place.phase + tap.phase * phases[axis],
          at: place.at + tap.at * lengths[axis],
          tap: place.tap + tap.tap * strides[axis],
        })),
      ),
    [{ phase: 0, at: 0, tap: 0 }],
  );
}
