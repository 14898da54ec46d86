import { createContext } from 'svelte';
import type { Term } from './glossary.ts';

/** Opens help at a term. */
export const [explainOf, provideExplain] = createContext<(term: Term) => void>();
