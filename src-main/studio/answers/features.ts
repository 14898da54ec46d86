import type { Output } from '../../api/contract.ts';
import { featureListSchema } from '../../api/features.ts';
import { ServiceError } from '../../api/wire.ts';
import { readCsv } from '../../classifier/features.ts';
import { suggest } from '../../classifier/suggest-features.ts';
import { readText } from '../../classifier/text-file.ts';
import { LABELS } from '../../photograph/rows.ts';

/** Features as a CSV file, or pasted lines of one, have them. @throws ClassifierError where it is none, ServiceError where nobody could describe it */
export function suggestFeatures(
  from: { readonly path: string } | { readonly text: string },
): Output<'features.suggest'> {
  const [text, name] =
    'path' in from ? [readText(from.path, 'table'), from.path] : [from.text, 'What was pasted'];
  const csv = readCsv(text, name);
  const label = LABELS.filter((each) => csv.columns.includes(each)).slice(0, 1);
  const features = featureListSchema.safeParse(suggest(csv, label));
  if (!features.success) {
    throw new ServiceError(
      'bad-input',
      `${name} has more columns, or longer names of columns and values, than can be described here: keep to 4,096 columns and to 200 characters.`,
    );
  }
  return { features: features.data, rows: csv.rows.length };
}
