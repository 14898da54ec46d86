import type { StringStringEntryProto } from './schema.ts';

/**
 * Where PyTorch's newer exporter (torch.export; the default since 2.9) keeps the way to a node: the full names of the
 * modules around it and last the name of the step, as Python's `repr` of a list, e.g.
 * `['', 'layer1', 'layer1.0', 'layer1.0.conv1', 'conv2d']`. The empty name is the network itself
 * (https://github.com/pytorch/pytorch/blob/main/torch/onnx/_internal/exporter/_core.py, `_get_node_namespace`).
 */
const SCOPES_KEY = 'pkg.torch.onnx.name_scopes';

/** Real networks stay below 300; the text comes from a file, and a longer one is not looked at. */
const LONGEST_LIST = 2048;

/** Python writes a text in single quotes, or in double ones where it has an apostrophe; no module is named otherwise. */
const TEXT = String.raw`'(?:[^'\\\p{C}]|\\['\\])*'|"(?:[^"\\\p{C}]|\\["\\])*"`;
const TEXTS = new RegExp(TEXT, 'gu');
const LIST = new RegExp(String.raw`^\[(?:${TEXT})(?:, (?:${TEXT}))*\]$`, 'u');

/**
 * The way to a node as PyTorch's older exporter writes it into the node's name: `/layer1/layer1.0/conv1/`, and `/` for
 * a step of the network itself.
 * @param metadata of the node
 * @returns the empty text where the metadata tell no way; damaged ones count as none, for no result depends on them
 */
export function scopePrefix(metadata: readonly StringStringEntryProto[]): string {
  const entry = metadata.find(({ key }) => key === SCOPES_KEY);
  const scopes = entry && parseTexts(entry.value);
  // Steps that the exporter itself adds stand in no network: their list does not start with it.
  if (!scopes || scopes.length < 2 || scopes[0] !== '') return '';
  return ['', ...partsOf(scopes.slice(1, -1)), ''].join('/');
}

/** The texts of a Python list literal; nothing but a plain list of plain texts is read. */
function parseTexts(literal: string): string[] | undefined {
  if (literal.length > LONGEST_LIST || !LIST.test(literal)) return undefined;
  return Array.from(literal.matchAll(TEXTS), ([text]) =>
    text.slice(1, -1).replace(/\\(.)/gu, '$1'),
  );
}

/** What each module adds to the one around it. */
function partsOf(scopes: readonly string[]): string[] {
  const parts: string[] = [];
  let parent = '';
  for (const scope of scopes.map(moduleName)) {
    if (scope === parent) continue;
    parts.push(partOf(scope, parent, parts.at(-1) ?? ''));
    parent = scope;
  }
  return parts;
}

/** A module that runs again may carry the number of the call; a slash would read as two modules. */
const moduleName = (scope: string): string => scope.replace(/@\d+$/, '').replaceAll('/', '_');

/** `conv1` in `layer1.0`, but `layer1.0` in `layer1`: the older exporter repeats the container before an index. */
function partOf(scope: string, parent: string, parentPart: string): string {
  if (parent === '' || !scope.startsWith(`${parent}.`)) return scope;
  const own = scope.slice(parent.length + 1);
  const repeats = /^\d/.test(own) || own.startsWith(`${parentPart}.`);
  return repeats ? `${parentPart}.${own}` : own;
}
