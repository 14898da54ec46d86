import { encode } from 'fast-png';
import { resolveConfiguration } from '../../prototype/configuration.ts';
import type { SimilarityResult } from '../../similarity/result.ts';
import { classifier, imageSet, outcomeOf, similarityOf } from '../../store/support/sample.ts';
import type { Workspace } from '../../store/workspace.ts';

/** A picture of one colour. */
export const pictureOf = (red: number): Uint8Array =>
  encode({ width: 2, height: 2, channels: 3, depth: 8, data: new Uint8Array(12).fill(red) });

interface Names {
  readonly model?: string;
  readonly label?: string;
  readonly note?: string;
  readonly title?: string;
  readonly photograph?: string;
}

/**
 * A finished audit of one model: classes 0 and 2 under `paper` and one of them as control, compared with photographs
 * that are gone, with two findings. One class is named as wanted.
 */
export function auditWith(workspace: Workspace, names: Names = {}): number {
  const { model = 'tiny', label = 'cat', note = 'A ruler.', title = 'Cats', photograph } = names;
  const named = { ...classifier, name: model, labels: [label, 'academic gown', 'dog'] };
  const modelId = workspace.models.save(named, '/home/somebody/secret/tiny.onnx');
  const imageSetId = workspace.imageSets.save({ ...imageSet, counts: { [label]: 12, dog: 13 } });
  const request = {
    ...{ classes: 'all', layers: 'modules', natural: 'predicted', controls: true, seed: 1 },
    ...{ prototypes: 1, options: { steps: 100 }, profiles: ['paper'], models: [{}] },
  };
  const auditId = workspace.audits.create({
    ...{ name: model, configuration: { request } },
    models: [{ modelId, imageSetId }],
  });
  const plan = (classIndex: number, profile: 'paper' | 'plain') => ({
    ...{ modelId, classIndex, label: named.labels[classIndex], profile },
    ...{ prototypeIndex: 0, seed: 1, configuration: resolveConfiguration(profile, { steps: 100 }) },
  });
  workspace.runs.plan(auditId, [plan(0, 'paper'), plan(2, 'paper'), plan(0, 'plain')]);
  const runs = workspace.runs.claim(auditId, 3);
  for (const [i, run] of runs.entries()) {
    workspace.runs.finish(run.id, { ...outcomeOf(run.classIndex), image: pictureOf(40 * i) });
  }
  workspace.scores.save(auditId, modelId, withPhotograph(label, photograph));
  workspace.audits.setState(auditId, 'finished');
  workspace.reviews.describe(auditId, { title, question: note, reviewer: 'R', blind: false });
  const [first, second] = runs.map(({ id }) => String(id));
  workspace.reviews.set(auditId, [second], { state: 'cleared', severity: 0, note: 'Fine.' });
  workspace.reviews.set(auditId, [first, second], { state: 'concern', severity: 4, note });
  workspace.reviews.set(auditId, [first], { state: 'concern', severity: 5, note });
  return auditId;
}

function withPhotograph(label: string, photograph = 'one.jpg'): SimilarityResult {
  const result = similarityOf(75);
  const [first, ...others] = result.classes;
  return {
    ...result,
    classes: [{ ...first, label, images: [{ name: photograph, logit: 3.5 }] }, ...others],
  };
}
