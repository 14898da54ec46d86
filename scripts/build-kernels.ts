/** Compiles src-main/prototype/kernels/assembly into resources/kernels.wasm. */
import { writeFileSync } from 'node:fs';
import { resourcePath } from '../src-main/resources.ts';
import { compileKernels } from './kernels/compile.ts';

writeFileSync(resourcePath('kernels.wasm'), await compileKernels());
