import { join } from 'node:path';

/** The bundled sample. */
export const sampleFolder = join(import.meta.dirname, '..', '..', 'resources', 'sample');

/** Path of a file of it. */
export const sampleFile = (name: string): string => join(sampleFolder, name);
