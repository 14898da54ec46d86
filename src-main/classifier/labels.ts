import { ClassifierError } from './errors.ts';
import { readText } from './text-file.ts';

/** Keys under which exporters store class names in a model: Ultralytics, Keras converters, fastai, Azure. */
const METADATA_KEYS = ['names', 'labels', 'classes', 'class_names', 'id2label'];

/**
 * Labels from a file: a JSON array, a JSON object by index, or one label a line.
 * @param classes number of classes of the model
 * @throws ClassifierError when there are not as many labels as classes
 */
export function readLabels(path: string, classes: number): string[] {
  const text = readText(path, 'list of labels');
  const labels = parseLabels(text) ?? lines(text);
  if (labels.length !== classes) {
    throw new ClassifierError(
      `${path} has ${labels.length} labels, but the model has ${classes} classes.`,
    );
  }
  return labels;
}

/** Labels that the model file itself carries, `undefined` where it has none for this number of classes. */
export function embeddedLabels(
  metadata: Readonly<Record<string, string>>,
  classes: number,
): string[] | undefined {
  return METADATA_KEYS.map((key) => parseLabels(metadata[key] ?? '')).find(
    (labels) => labels?.length === classes,
  );
}

/** Names for classes that nobody has named. */
export const unnamed = (classes: number): string[] =>
  Array.from({ length: classes }, (_, index) => `class ${index}`);

function lines(text: string): string[] {
  const all = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  while (all.length > 0 && all[all.length - 1].trim() === '') all.pop();
  return all.map((line) => line.trim());
}

/** A list or a table by index, in JSON or as Python prints it. */
function parseLabels(text: string): string[] | undefined {
  const trimmed = text.trim();
  if (!/^[[{]/.test(trimmed)) return undefined;
  return fromJson(trimmed) ?? fromPython(trimmed);
}

function fromJson(text: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const entries = Object.entries(value).map(([key, label]) => [Number(key), label] as const);
    const inOrder = entries.sort(([a], [b]) => a - b);
    const isTable = inOrder.every(([key, label], i) => key === i && isLabel(label));
    return isTable ? inOrder.map(([, label]) => String(label).trim()) : undefined;
  } catch {
    return undefined;
  }
}

const isLabel = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';

/** `{0: 'tench', 1: "jack-o'-lantern"}` */
function fromPython(text: string): string[] | undefined {
  const entries = [...text.matchAll(/(\d+)\s*:\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g)];
  const labels = entries
    .map(([, index, single, double]) => [Number(index), single ?? double] as const)
    .sort(([a], [b]) => a - b);
  if (labels.length === 0 || labels.some(([index], i) => index !== i)) return undefined;
  return labels.map(([, label]) => label.replace(/\\(.)/g, '$1').trim());
}
