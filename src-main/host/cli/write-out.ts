import { join } from 'node:path';
import type { AuditOutcome } from '../../audit/conduct.ts';
import type { ModelUnderAudit } from '../../audit/model.ts';
import { valuesOf, type FeatureValue } from '../../classifier/feature-value.ts';
import { csv } from '../../report/csv.ts';
import { bytesOfFloats } from '../../store/runs.ts';
import type { Workspace } from '../../store/workspace.ts';
import { writeResult } from './output.ts';

/**
 * Writes the prototypes of an audit as `MODEL/PROFILE/INDEX-LABEL-K.png` and `.f32`, named so that a person finds them;
 * of a table also as `.csv`, in the features' units.
 * @throws OutputError in one sentence
 */
export async function writeOut(
  workspace: Workspace,
  { auditId, models }: AuditOutcome,
  out: string,
): Promise<void> {
  const folders = foldersOf(models.map(({ model }) => model));
  for (const [i, { model }] of models.entries()) {
    for (const run of workspace.runs.list(auditId, { modelId: model.id, state: 'finished' })) {
      const name = `${run.classIndex}-${fileName(run.label)}-${run.prototypeIndex}`;
      const path = join(out, folders[i], run.profile, name);
      const { imageHash } = workspace.runs.prototype(run.id)!;
      await writeResult(`${path}.png`, workspace.readFile(imageHash));
      const raw = workspace.runs.raw(run.id)!;
      await writeResult(`${path}.f32`, bytesOfFloats(raw));
      const { features } = model.classifier;
      if (features) await writeResult(`${path}.csv`, Buffer.from(rowCsv(valuesOf(features, raw))));
    }
  }
}

const rowCsv = (values: readonly FeatureValue[]): string =>
  csv(
    ['feature', 'value', 'unit', 'category', 'min', 'max'],
    values.map(({ name, value, unit, category, min, max }) => [
      ...[name, value, unit, category, min, max],
    ]),
  );

/** One folder a model: where two have one name, the start of their hash tells them apart. */
function foldersOf(models: readonly ModelUnderAudit[]): string[] {
  const names = models.map(({ classifier }) => fileName(classifier.name).toLowerCase());
  return models.map(({ id, classifier }, i) => {
    const shared = names.filter((name) => name === names[i]).length > 1;
    const own = fileName(classifier.name);
    return shared ? `${own}-${classifier.files[0].sha256.slice(0, 8)}-${id}` : own;
  });
}

/** Letters, digits, dots and dashes: names come from model files, and must not lead out of the folder. */
const fileName = (text: string): string =>
  text
    .replaceAll(/[^\p{L}\p{N}.-]+/gu, '_')
    .replace(/^\.+/, '_')
    .slice(0, 80) || '_';
