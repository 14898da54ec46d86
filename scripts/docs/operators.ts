import { operatorOf, supportedOperators } from '../../src-main/graph/operators/index.ts';
import { fusedRules } from '../../src-main/graph/upgrade/fused.ts';
import { inputRules } from '../../src-main/graph/upgrade/inputs.ts';
import { lowerRules } from '../../src-main/graph/upgrade/lower.ts';
import { resizeRules } from '../../src-main/graph/upgrade/resize.ts';
import { table } from './options.ts';

/** The operators that a model may use, by what becomes of them, as a Markdown table. */
export function operatorTable(): string {
  const differentiable = supportedOperators.filter(isDifferentiable);
  const others = supportedOperators.filter((name) => !isDifferentiable(name));
  const rules = { ...inputRules, ...resizeRules, ...lowerRules, ...fusedRules };
  const rewritten = Object.keys(rules).filter((name) => !supportedOperators.includes(name));
  return table(
    ['what becomes of them', 'number', 'operators'],
    [
      ['differentiated', differentiable.length, listed(differentiable)],
      ['read; no derivative flows through them', others.length, listed(others)],
      ['rewritten on reading into the above', rewritten.length, listed(rewritten.sort())],
    ],
  );
}

const isDifferentiable = (name: string): boolean => 'gradient' in operatorOf(name);

const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(' ');
