import { describe, expect, it } from 'vitest';
import { classifier } from '../store/support/sample.ts';
import type { AuditConfiguration } from './configuration.ts';
import { parseConfiguration } from './configuration.ts';
import type { ModelUnderAudit } from './model.ts';
import { planAudit } from './plan.ts';

const photographs = { folder: '', fingerprint: '', classes: [], skipped: [], unmatched: [] };
const model: ModelUnderAudit = { id: 1, classifier, classes: [0, 2], photographs, cost: 1 };
const control = (audit: Partial<AuditConfiguration>) =>
  planAudit(parseConfiguration({ models: [{ path: 'm' }], ...audit }, ''), [model]).at(-1);

describe('the control of plain maximisation', () => {
  it('is made once a class, however many prototypes and profiles there are', () => {
    const { profile, runs } = control({ prototypes: 3, profiles: ['paper', 'fourier'] });
    expect(profile).toBe('plain');
    expect(runs.map(({ classIndex }) => classIndex)).toEqual([0, 2]);
  });

  it.each([
    ['of the audit', { options: { steps: 64 } }, 64],
    [
      'of paper’s own entry, whose counterpart it is',
      {
        profiles: [
          { profile: 'fourier', options: { steps: 32 } },
          { profile: 'paper', options: { steps: 64 } },
        ],
      },
      64,
    ],
    [
      'of no other entry, where paper is as it is',
      { profiles: ['paper', { profile: 'fourier', options: { steps: 32 } }] },
      512,
    ],
    ['of the only entry', { profiles: [{ profile: 'fourier', options: { steps: 32 } }] }, 32],
  ] as const)('has the options %s', (_, audit, steps) => {
    expect(control(audit as never).configuration.steps).toBe(steps);
  });

  it('has neither transforms nor a penalty, whatever the profiles have', () => {
    const { affine, penalty } = control({
      profiles: [{ profile: 'paper', options: { penalty: { weight: 5 } } }],
      options: { affine: { enabled: true, rotation: 15 } },
    }).configuration;
    expect([affine.enabled, penalty.weight]).toEqual([false, 0]);
  });
});
