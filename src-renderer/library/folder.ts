import { folderModel } from '../../src-main/api/formats.ts';
import { mostSentDepth, mostSentFiles } from '../../src-main/api/upload.ts';

/** A folder that was dropped: as the desktop asks for its path, and as it can be read. */
export interface Folder {
  readonly file: File;
  readonly entry: FileSystemDirectoryEntry;
}

/** A folder of files that belong together: a model. */
export interface ModelFolder {
  readonly entry: FileSystemDirectoryEntry;
  /** Where the model's own file lies in what was dropped, with a slash before each name. */
  readonly main: string;
}

/** Where files lie in the folder that was dropped, which a browser tells of chosen folders alone. */
const places = new WeakMap<File, string>();

/** Where a file lies in the folder that it came with, with slashes; the name of one that came alone. */
export const placeIn = (file: File): string =>
  places.get(file) ?? (file.webkitRelativePath || file.name);

const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry =>
  entry.isDirectory;

/** What systems lay into folders that people never see. */
const isHidden = (name: string): boolean =>
  name.startsWith('.') || ['__MACOSX', 'Thumbs.db', 'desktop.ini'].includes(name);

/** Without what nobody put there. */
export const visible = (files: readonly File[]): File[] =>
  files.filter((file) => !placeIn(file).split('/').some(isHidden));

/** @throws Error in one sentence where the system refuses */
function read<T>(
  { name }: FileSystemEntry,
  ask: (resolve: (found: T) => void, reject: () => void) => void,
): Promise<T> {
  const refused = new Error(`${name} cannot be read: check that you may read it.`);
  return new Promise((resolve, reject) => ask(resolve, () => reject(refused)));
}

/** A browser tells a hundred at a time. */
async function entriesIn(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    const some = await read<FileSystemEntry[]>(folder, (...back) => reader.readEntries(...back));
    if (some.length === 0) return found.filter(({ name }) => !isHidden(name));
    found.push(...some);
  }
}

/** The model that a folder is, or that lies in the one folder in it; undefined for any other folder. */
export async function modelIn({ entry }: Folder): Promise<ModelFolder | undefined> {
  let folder = entry;
  for (let depth = 0; depth < mostSentDepth; depth++) {
    const entries = await entriesIn(folder);
    const names = entries.filter(({ isFile }) => isFile).map(({ name }) => name);
    const model = folderModel(names);
    if (model !== undefined) {
      return {
        entry: folder,
        main: `${folder.fullPath.slice(entry.fullPath.length)}/${model}`,
      };
    }
    const [only, ...others] = entries;
    if (only === undefined || others.length > 0 || !isDirectory(only)) return undefined;
    folder = only;
  }
  return undefined;
}

/** All files of a folder and of those in it. @throws Error in one sentence where they are more than may be sent */
export async function filesOf({ entry }: ModelFolder): Promise<File[]> {
  const found: File[] = [];
  const collect = async (folder: FileSystemDirectoryEntry, place: string): Promise<void> => {
    for (const each of await entriesIn(folder)) {
      if (found.length > mostSentFiles) throw new Error(tooMany(entry.name));
      const path = `${place}/${each.name}`;
      if (isDirectory(each)) await collect(each, path);
      else found.push(await fileOf(each as FileSystemFileEntry, path));
    }
  };
  await collect(entry, entry.name);
  return found;
}

const tooMany = (name: string): string =>
  `The folder ${name} holds more than ${mostSentFiles} files: give its path instead.`;

async function fileOf(entry: FileSystemFileEntry, place: string): Promise<File> {
  const file = await read<File>(entry, (...back) => entry.file(...back));
  places.set(file, place);
  return file;
}
