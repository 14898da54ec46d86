import type { Input } from '../../api/contract.ts';
import { resourcePath } from '../../resources.ts';

/** An audit of the sample that takes seconds, and long enough to be watched and stopped. */
export const smallAudit: Input<'audit.create'> = {
  models: [{ path: resourcePath('sample/shortcut.onnx') }],
  images: resourcePath('sample/photographs'),
  classes: '0-2',
  options: { steps: 96, snapshotEvery: 16, baseline: { maxSteps: 32 } },
  controls: false,
};
