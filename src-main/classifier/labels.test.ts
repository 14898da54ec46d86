import { afterAll, expect, test } from 'vitest';
import { Folder } from '../../test/support/network.ts';
import { embeddedLabels, readLabels } from './labels.ts';

const folder = new Folder();
afterAll(() => folder.remove());

test.each<[string, string]>([
  ['one a line', 'tench\r\ngreat white shark\r\n\r\n'],
  ['a JSON array', '["tench", "great white shark"]'],
  ['a JSON table in any order', '{"1": "great white shark", "0": "tench"}'],
  ['a table as Python prints it', `{0: 'tench', 1: "great white shark"}`],
])('labels come as %s', (_name, text) => {
  expect(readLabels(folder.write('labels.txt', text), 2)).toEqual(['tench', 'great white shark']);
});

test('an empty line within the list stays a class', () => {
  expect(readLabels(folder.write('gap.txt', 'a\n\nb\n'), 3)).toEqual(['a', '', 'b']);
});

test('a list of another length is refused with both numbers', () => {
  const path = folder.write('few.txt', 'a\nb\n');
  expect(() => readLabels(path, 3)).toThrow(`${path} has 2 labels, but the model has 3 classes.`);
});

test('a missing list is refused', () => {
  expect(() => readLabels(`${folder.path}/none.txt`, 3)).toThrow(/^There is no list of labels at /);
});

test('a model carries its labels as Ultralytics writes them', () => {
  const names = `{0: 'jack-o\\'-lantern', 1: "cat's eye"}`;
  expect(embeddedLabels({ names, stride: '32' }, 2)).toEqual([`jack-o'-lantern`, `cat's eye`]);
});

test('labels for another number of classes are left alone', () => {
  expect(embeddedLabels({ names: `{0: 'a', 1: 'b'}`, classes: 'none' }, 3)).toBeUndefined();
});
