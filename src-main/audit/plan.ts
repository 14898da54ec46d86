import {
  resolveConfiguration,
  type Configuration,
  type Profile,
} from '../prototype/configuration.ts';
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
    const batches = audit.profiles.map((entry) => batchOf(model, generationOf(audit, entry)));
    return audit.controls && model.photographs
      ? [...batches, batchOf(model, plainOf(audit))]
      : batches;
  });
}

/**
 * The control: the profile `plain`, with the options that the audit gives for all profiles, such as `steps`, but for
 * those about what makes a profile. Options of a single profile's entry do not touch it: it stands beside all of them.
 */
function plainOf(audit: AuditConfiguration): Configuration {
  const {
    affine: _affine,
    penalty: _penalty,
    baseline: _baseline,
    parameterisation: _own,
    ...shared
  } = audit.options;
  return resolveConfiguration('plain', { ...shared, seed: audit.seed, prototypes: 1 });
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
