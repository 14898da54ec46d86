import type { Operator } from '../operator.ts';
import { unary, type Rule, type UnarySpec } from './elementwise.ts';

/**
 * Functions of one input: Sqrt, Exp, … https://onnx.ai/onnx/operators/
 * Derivatives use the output wherever they can, since it is there already (Abramowitz & Stegun 1964, ch. 4).
 */

const flat: Rule = () => null;

/** Halves go to the even neighbour, as IEEE 754 rounds. */
function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

const specs: readonly UnarySpec[] = [
  { name: 'Neg', float: (x) => -x, integer: (x) => -x, pull: ({ e, g }) => e.mul(g, -1) },
  {
    name: 'Abs',
    float: Math.abs,
    integer: (x) => (x < 0n ? -x : x),
    pull: ({ e, g, x }) => e.mul(g, e.apply('Sign', x)),
  },
  { name: 'Sqrt', float: Math.sqrt, pull: ({ e, g, y }) => e.div(e.mul(g, 0.5), y) },
  { name: 'Exp', float: Math.exp, pull: ({ e, g, y }) => e.mul(g, y) },
  { name: 'Log', float: Math.log, pull: ({ e, g, x }) => e.div(g, x) },
  {
    name: 'Reciprocal',
    float: (x) => 1 / x,
    pull: ({ e, g, y }) => e.mul(e.mul(g, e.square(y)), -1),
  },
  { name: 'Sin', float: Math.sin, pull: ({ e, g, x }) => e.mul(g, e.apply('Cos', x)) },
  { name: 'Cos', float: Math.cos, pull: ({ e, g, x }) => e.mul(e.mul(g, e.apply('Sin', x)), -1) },
  { name: 'Tan', float: Math.tan, pull: ({ e, g, y }) => e.mul(g, e.add(e.square(y), 1)) },
  { name: 'Sinh', float: Math.sinh, pull: ({ e, g, x }) => e.mul(g, e.apply('Cosh', x)) },
  { name: 'Cosh', float: Math.cosh, pull: ({ e, g, x }) => e.mul(g, e.apply('Sinh', x)) },
  { name: 'Atan', float: Math.atan, pull: ({ e, g, x }) => e.div(g, e.add(e.square(x), 1)) },
  { name: 'Floor', float: Math.floor, pull: flat },
  { name: 'Ceil', float: Math.ceil, pull: flat },
  { name: 'Round', float: roundHalfToEven, pull: flat },
  {
    name: 'Sign',
    float: Math.sign,
    integer: (x) => (x > 0n ? 1n : x < 0n ? -1n : 0n),
    pull: flat,
  },
];

export const arithmeticFunctions: readonly Operator[] = specs.map(unary);
