/** Kinds of model files that are read. Dialogs, drop targets and words about them all come from this list. */
export const modelFormats = [
  { name: 'ONNX', endings: ['onnx'] },
  { name: 'TensorFlow', endings: ['pb'] },
  { name: 'Keras', endings: ['keras', 'h5', 'hdf5'] },
  { name: 'safetensors', endings: ['safetensors'] },
  { name: 'TensorFlow.js', endings: ['json'] },
] as const;

/** What people call the formats that results name. */
export const formatNames: Readonly<Record<string, string>> = {
  onnx: 'ONNX',
  'tfjs-graph': 'TensorFlow.js graph',
  'tfjs-layers': 'TensorFlow.js layers',
  'saved-model': 'TensorFlow SavedModel',
  'frozen-graph': 'TensorFlow frozen graph',
  keras: 'Keras',
  safetensors: 'safetensors',
};

/** Files that stand for the folder that they lie in. */
const FOLDER_FILES = ['saved_model.pb', 'model.json'];

/** Whether a file in a folder is a model by its name; a `.json` of any other name may be anything. */
export function isModelFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (FOLDER_FILES.includes(name)) return true;
  const endings = modelFormats.flatMap((format): readonly string[] => format.endings);
  const others = endings.filter((ending) => ending !== 'json');
  return others.some((ending) => name.toLowerCase().endsWith(`.${ending}`));
}

/** The model's own file among those that lie directly in a folder; undefined where none of them is a model. */
export const folderModel = (names: readonly string[]): string | undefined =>
  FOLDER_FILES.find((each) => names.includes(each)) ?? names.find(isModelFile);

/**
 * The model among files that belong together: labels, a sidecar and weights may lie beside it. A `.json` beside a file of
 * another format describes it; of several, `model.json` is the model, and `saved_model.pb` of several `.pb`. A file of a
 * folder has the folders before its name, with slashes; those on top come first.
 */
export function modelAmong<F extends { readonly name: string }>(given: readonly F[]): F {
  const depth = ({ name }: F): number => name.split('/').length;
  const files = given.toSorted((a, b) => depth(a) - depth(b));
  const endings = modelFormats.flatMap((format): readonly string[] => format.endings);
  const found = endings.flatMap((end) =>
    files.filter(({ name }) => name.toLowerCase().endsWith(`.${end}`)),
  );
  const end = /\.(pb|json)$/i.exec(found[0]?.name ?? '')?.[1].toLowerCase();
  const common = FOLDER_FILES.find((name) => name.endsWith(`.${end}`));
  const main = files.find(({ name }) => name.split('/').at(-1) === common);
  return main ?? found[0] ?? files[0];
}
