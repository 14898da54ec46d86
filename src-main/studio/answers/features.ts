import type { Output } from '../../api/contract.ts';
import { readCsv } from '../../classifier/features.ts';
import { suggest } from '../../classifier/suggest-features.ts';
import { readText } from '../../classifier/text-file.ts';
import { LABELS } from '../../photograph/rows.ts';

/** Features as a CSV file, or pasted lines of one, have them. @throws ClassifierError where it is none */
export function suggestFeatures(
  from: { readonly path: string } | { readonly text: string },
): Output<'features.suggest'> {
  const [text, name] =
    'path' in from ? [readText(from.path, 'table'), from.path] : [from.text, 'What was pasted'];
  const csv = readCsv(text, name);
  const label = LABELS.filter((each) => csv.columns.includes(each)).slice(0, 1);
  return { features: suggest(csv, label), rows: csv.rows.length };
}
