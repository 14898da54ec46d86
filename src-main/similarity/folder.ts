import type { Classifier } from '../classifier/classifier.ts';
import type { Feature } from '../classifier/features.ts';
import type { ImageSet } from '../photograph/image-set.ts';
import { readRows } from '../photograph/rows.ts';
import { photographs } from '../photograph/stream.ts';
import type { NaturalClass } from './natural.ts';

/** The rows of a table, class by class. */
function naturalRows(set: ImageSet, features: readonly Feature[]): NaturalClass[] {
  return set.classes.map(({ index, label, fingerprint, files }) => ({
    ...{ index, label, fingerprint, count: files.length },
    // eslint-disable-next-line @typescript-eslint/require-await -- photographs come one by one, rows are read at once
    async *images(_skipped, only) {
      const rows = new Map(readRows(set.folder, features).rows.map((row) => [row.name, row]));
      for (const { name } of files) {
        const row = !only || only.has(name) ? rows.get(name) : undefined;
        if (row) yield { name, pixels: row.positions };
      }
    },
  }));
}

/** The photographs of an image set as a classifier sees them, class by class. */
export function naturalClasses(set: ImageSet, classifier: Classifier): NaturalClass[] {
  const { input, features, preprocessing } = classifier;
  if (features || input.layout === 'table') return naturalRows(set, features ?? []);
  const { channels, height, width } = input;
  const view = { channels, height, width, resize: preprocessing.resize };
  return set.classes.map(({ index, label, fingerprint, files }) => ({
    index,
    label,
    fingerprint,
    count: files.length,
    async *images(skipped, only) {
      const wanted = only ? files.filter(({ name }) => only.has(name)) : files;
      for await (const { file, pixels } of photographs(set.folder, wanted, view, skipped)) {
        yield { name: file.name, pixels };
      }
    },
  }));
}
