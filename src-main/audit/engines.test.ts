import { beforeAll, describe, expect, it } from 'vitest';
import { loadClassifier } from '../classifier/load.ts';
import { resourcePath } from '../resources.ts';
import { findCard } from '../../test/support/graphics-card.ts';
import { surveyEngines, type EngineSurvey } from './engines.ts';

const hasCard = findCard();

describe('a survey of engines', () => {
  let survey: EngineSurvey;
  beforeAll(async () => {
    const classifier = await loadClassifier(resourcePath('sample/balanced.onnx'));
    survey = await surveyEngines(classifier, { seconds: 1 });
  });

  it('measures each that works here, says why the others do not, and recommends one', () => {
    const { engines, recommended, because } = survey;
    const cpu = engines.find(({ name }) => name === 'cpu')!;
    expect(cpu).toMatchObject({ batch: 1, overCpu: 1 });
    expect(cpu.passMs).toBeCloseTo(1000 / cpu.imagesPerSecond!, 6);
    for (const { info, reason } of engines) {
      expect(info ?? reason).toBeDefined();
      if (!info) expect(reason).toMatch(/^[^\n]+\.$/);
    }
    expect(engines.map(({ name }) => name)).toContain(recommended);
    expect(because).toMatch(/^It [^\n]+\.$/);
  });

  it.skipIf(!hasCard)('fills a graphics card with as many images as it gains from', () => {
    const gpu = survey.engines.find(({ name }) => name === 'webgpu')!;
    expect(gpu.info).toMatchObject({ provider: 'webgpu', threads: 0 });
    expect(Math.log2(gpu.batch!) % 1).toBe(0);
    expect(gpu.batchBecause).toMatch(
      /^(With \d+ an image is hardly faster|More were not tried: one takes [\d.]+ seconds|More may not fit into memory)\.$/,
    );
  });
});
