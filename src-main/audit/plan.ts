import type { Configuration, Profile } from '../prototype/configuration.ts';
import { configurationFor } from '../prototype/medium.ts';
import type { RunPlan } from '../store/runs.ts';
import { generationOf, type AuditConfiguration } from './configuration.ts';
import type { ModelUnderAudit } from './model.ts';

/** Runs of one model under one configuration: what one generator makes. */
export interface Batch {
  readonly model: ModelUnderAudit;
  readonly profile: Profile;
  readonly configuration: Configuration;
  readonly runs: readonly RunPlan[];
}

/**
 * All runs of an audit, model after model and profile after profile. Where prototypes are to be compared with
 * photographs, plain logit maximisation is made as well, once a class: it is a control (method.md, section 3).
 * @throws PrototypeError `bad-configuration` that names the option that does not fit
 */
export function planAudit(audit: AuditConfiguration, models: readonly ModelUnderAudit[]): Batch[] {
  return models.flatMap((model) => {
    const batches = profilesOf(audit, model, models).map((entry) =>
      batchOf(model, generationOf(audit, entry, model.classifier)),
    );
    const isControlled = audit.controls && model.photographs && !arePlain(batches);
    return isControlled ? [...batches, batchOf(model, plainOf(audit, model))] : batches;
  });
}

/** Beside models of images, those of a table leave out `fourier`, which makes images alone. */
function profilesOf(
  { profiles }: AuditConfiguration,
  { classifier: { features } }: ModelUnderAudit,
  models: readonly ModelUnderAudit[],
): AuditConfiguration['profiles'] {
  const isMixed = models.some(({ classifier }) => !classifier.features);
  if (!features || !isMixed) return profiles;
  const fitting = profiles.filter(
    (entry) => (typeof entry === 'string' ? entry : entry.profile) !== 'fourier',
  );
  return fitting.length > 0 ? fitting : profiles;
}

/** Whether a table's prototypes are plain logit maximisation themselves, as they are without a pull. */
const arePlain = (batches: readonly Batch[]): boolean =>
  batches.every(({ model, configuration: { penalty } }) =>
    Boolean(model.classifier.features && penalty.weight === 0),
  );

/**
 * The control: the profile `plain`, with the options that prototypes are made with, such as `steps`, but for those
 * about what makes a profile. Where a profile's own entry has options of its own, those of `paper` count, of which it is
 * the counterpart without transforms and penalty; else those of the first profile.
 */
function plainOf(audit: AuditConfiguration, { classifier }: ModelUnderAudit): Configuration {
  const entries = audit.profiles.filter((entry) => typeof entry !== 'string');
  const named = entries.find(({ profile }) => profile === 'paper');
  const isPaper = audit.profiles.includes('paper') || named !== undefined;
  const own = isPaper ? named : entries.find((entry) => entry === audit.profiles[0]);
  const {
    affine: _affine,
    penalty: _penalty,
    baseline: _baseline,
    parameterisation: _own,
    ...shared
  } = { ...audit.options, ...own?.options };
  return configurationFor(classifier, 'plain', { ...shared, seed: audit.seed, prototypes: 1 });
}

function batchOf(model: ModelUnderAudit, configuration: Configuration): Batch {
  const { profile, prototypes, seed } = configuration;
  const runs = Array.from({ length: prototypes }, (_, prototypeIndex) =>
    model.classes.map((classIndex) => ({
      modelId: model.id,
      classIndex,
      label: model.classifier.labels[classIndex],
      profile,
      prototypeIndex,
      seed,
      configuration,
    })),
  ).flat();
  return { model, profile, configuration, runs };
}
