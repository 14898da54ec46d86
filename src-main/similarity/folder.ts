import type { Classifier } from '../classifier/classifier.ts';
import type { ImageSet } from '../photograph/image-set.ts';
import { photographs } from '../photograph/stream.ts';
import type { NaturalClass } from './natural.ts';

/** The photographs of an image set as a classifier sees them, class by class. */
export function naturalClasses(set: ImageSet, classifier: Classifier): NaturalClass[] {
  const { channels, height, width } = classifier.input;
  const view = { channels, height, width, resize: classifier.preprocessing.resize };
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
