import { app, session } from 'electron';
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { valueOf } from './options.ts';
import { printed } from './print.ts';

/** A page to print instead of opening the studio, and where its PDF goes: `--print=PAGE --print-to=PDF`. */
export interface PrintOrder {
  readonly page: string;
  readonly output: string;
}

/** What a command line wants printed. @returns undefined for one that opens the studio */
export function readPrintOrder(words: readonly string[]): PrintOrder | undefined {
  const [page, output] = [valueOf(words, 'print'), valueOf(words, 'print-to')];
  return page === undefined || output === undefined ? undefined : { page, output };
}

/** Prints one page in a window that nobody sees, and ends. Nothing but that page is loaded. */
export async function printAndQuit({ page, output }: PrintOrder): Promise<void> {
  const address = pathToFileURL(page).href;
  await app.whenReady();
  session.defaultSession.webRequest.onBeforeRequest(({ url }, decide) =>
    decide({ cancel: url !== address && !url.startsWith('data:') }),
  );
  writeFileSync(output, await printed(address));
  app.exit(0);
}
