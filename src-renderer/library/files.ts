import { desktop } from '../service.ts';
import { visible, type Folder } from './folder.ts';

/** What a person chose: a path, which the desktop tells, or files, which a browser hands over without their place. */
export type Chosen = { readonly path: string } | { readonly files: readonly File[] };

type What = 'model' | 'image' | 'labels' | 'rows';

/** What a browser's dialog offers first; a model may be chosen with what lies beside it. */
const accepted: Readonly<Record<What, string>> = {
  model: '',
  image: 'image/*',
  labels: '.txt,.json',
  rows: '.csv',
};

/** Lets a person choose a file. @returns undefined when they did not */
export async function chooseFile(what: What): Promise<Chosen | undefined> {
  if (!desktop) return chosenFiles({ accept: accepted[what], multiple: what === 'model' });
  const path = await desktop.choose(what);
  return path === undefined ? undefined : { path };
}

function chosenFiles(
  how: Partial<Pick<HTMLInputElement, 'accept' | 'multiple' | 'webkitdirectory'>>,
): Promise<Chosen | undefined> {
  const input = Object.assign(document.createElement('input'), { type: 'file', ...how });
  return new Promise((resolve) => {
    input.onchange = () => {
      const files = [...(input.files ?? [])];
      resolve({ files: how.webkitdirectory ? visible(files) : files });
    };
    input.oncancel = () => resolve(undefined);
    input.click();
  });
}

/** Lets a person choose the folder of a model. @returns undefined when they did not */
export async function chooseFolder(): Promise<Chosen | undefined> {
  if (!desktop) return chosenFiles({ webkitdirectory: true });
  const path = await desktop.choose('folder');
  return path === undefined ? undefined : { path };
}

/** What was dropped, by what it is. */
export interface Dropped {
  readonly folders: readonly Folder[];
  readonly images: readonly File[];
  readonly others: readonly File[];
}

/** To be called while the event lasts: a browser forgets what was dropped after it. */
export function droppedIn(transfer: DataTransfer): Dropped {
  const found = { folders: [] as Folder[], images: [] as File[], others: [] as File[] };
  for (const item of transfer.items) {
    const file = item.getAsFile();
    if (!file) continue;
    const entry = item.webkitGetAsEntry();
    if (entry?.isDirectory) found.folders.push({ file, entry: entry as FileSystemDirectoryEntry });
    else if (file.type.startsWith('image/')) found.images.push(file);
    else found.others.push(file);
  }
  return found;
}
