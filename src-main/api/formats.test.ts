import { describe, expect, it } from 'vitest';
import { folderModel, isModelFile, modelAmong } from './formats.ts';

const among = (...names: string[]): string => modelAmong(names.map((name) => ({ name }))).name;

describe('the model among files that came together', () => {
  it.each([
    [['labels.txt', 'net.onnx', 'net.json', 'net.onnx.data'], 'net.onnx'],
    [['model.sidecar.json', 'group1-shard1of1.bin', 'model.json'], 'model.json'],
    [['net.keras', 'model.json'], 'net.keras'],
    [['net/fingerprint.pb', 'net/assets/names.txt', 'net/saved_model.pb'], 'net/saved_model.pb'],
    [['net.json', 'net/variables/variables.index', 'net/saved_model.pb'], 'net/saved_model.pb'],
    [['web/old/model.json', 'web/model.json', 'web/a.bin'], 'web/model.json'],
    [['notes.pdf'], 'notes.pdf'],
  ])('of %j is %s', (names, expected) => {
    expect(among(...names)).toBe(expected);
    expect(among(...names.toReversed())).toBe(expected);
  });
});

describe('a folder', () => {
  it('is a model by a file that is one', () => {
    expect(folderModel(['a.txt', 'saved_model.pb', 'fingerprint.pb'])).toBe('saved_model.pb');
    expect(folderModel(['a.bin', 'model.json'])).toBe('model.json');
    expect(folderModel(['net.onnx', 'net.onnx.data'])).toBe('net.onnx');
    expect(folderModel(['1.jpg', 'annotations.json', 'readme.md', 'onnx'])).toBeUndefined();
  });

  it('may hold it deep', () => {
    expect(isModelFile('net/1/saved_model.pb')).toBe(true);
    expect(isModelFile('net.onnx/annotations.json')).toBe(false);
  });
});
