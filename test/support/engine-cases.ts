import { imageCases } from './engine-cases-image.ts';
import { numberCases } from './engine-cases-number.ts';
import type { Application } from './engine-graph.ts';

/** Applications of every operator that a compiled graph may hold, in the forms that engines tell apart. */
export const engineCases: readonly Application[] = [...numberCases, ...imageCases];
