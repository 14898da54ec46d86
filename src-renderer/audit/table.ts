import type { Medium } from '../../src-main/api/medium.ts';
import type { Method } from '../../src-main/api/method.ts';

/** Options that mean nothing where the input is a row: it has no neighbouring pixels, and is not moved about. */
const ofImages = /^(affine\..+|parameterisation|penalty\.kind)$/;

/** What the method offers for models of a medium. Where there are rows alone, there is one profile, without a penalty. */
export function offered(method: Method, medium: Medium): Method {
  if (medium !== 'rows') return method;
  return {
    ...method,
    options: method.options.filter(({ name }) => !ofImages.test(name)),
    profiles: method.profiles
      .filter(({ name }) => name === 'paper')
      .map(({ name, values }) => ({ name, values: { ...values, 'penalty.weight': 0 } })),
  };
}

/** The profiles of a draft that can be made. */
export const makeable = (profiles: readonly string[], medium: Medium): readonly string[] =>
  medium === 'rows' ? ['paper'] : profiles;
