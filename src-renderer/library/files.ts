import { desktop } from '../service.ts';

/** What a person chose: a path, which the desktop tells, or files, which a browser hands over without their place. */
export type Chosen = { readonly path: string } | { readonly files: readonly File[] };

type What = 'model' | 'image' | 'labels';

/** What a browser's dialog offers first; a model may be chosen with what lies beside it. */
const accepted: Readonly<Record<What, string>> = {
  model: '',
  image: 'image/*',
  labels: '.txt,.json',
};

/** Lets a person choose a file. @returns undefined when they did not */
export async function chooseFile(what: What): Promise<Chosen | undefined> {
  if (!desktop) return chooseInBrowser(accepted[what], what === 'model');
  const path = await desktop.choose(what);
  return path === undefined ? undefined : { path };
}

function chooseInBrowser(accept: string, multiple: boolean): Promise<Chosen | undefined> {
  const input = Object.assign(document.createElement('input'), { type: 'file', accept, multiple });
  return new Promise((resolve) => {
    input.onchange = () => resolve({ files: [...(input.files ?? [])] });
    input.oncancel = () => resolve(undefined);
    input.click();
  });
}

/** What was dropped, by what it is. */
export interface Dropped {
  readonly folders: readonly File[];
  readonly images: readonly File[];
  readonly others: readonly File[];
}

/** To be called while the event lasts: a browser forgets what was dropped after it. */
export function droppedIn(transfer: DataTransfer): Dropped {
  const found = { folders: [] as File[], images: [] as File[], others: [] as File[] };
  for (const item of transfer.items) {
    const file = item.getAsFile();
    if (!file) continue;
    if (item.webkitGetAsEntry()?.isDirectory) found.folders.push(file);
    else if (file.type.startsWith('image/')) found.images.push(file);
    else found.others.push(file);
  }
  return found;
}
