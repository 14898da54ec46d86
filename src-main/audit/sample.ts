import { resourcePath } from '../resources.ts';
import { parseConfiguration, type AuditConfiguration } from './configuration.ts';

/**
 * The bundled sample: two classifiers of coloured digits, in one of which colour gives the digit away.
 *
 * The affine is narrow, for a digit that is turned by 180 degrees is another digit: a six is a nine. Under
 * `paper` the penalty weighs a tenth of the profile's: the logits of these small networks are a tenth of a large one's.
 */
export function sampleAudit(): AuditConfiguration {
  const model = (name: string) => ({ path: resourcePath(`sample/${name}.onnx`) });
  return parseConfiguration(
    {
      models: [model('shortcut'), model('balanced')],
      images: resourcePath('sample/photographs'),
      profiles: [
        { profile: 'paper', options: { penalty: { kind: 'sum', weight: 0.1 } } },
        'fourier',
      ],
      options: { affine: { scale: [0.9, 1.1], rotation: 15, translation: 0.1 } },
    },
    'The sample',
  );
}
