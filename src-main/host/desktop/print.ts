import { BrowserWindow, ipcMain } from 'electron';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addToManifest, PAGE, PDF, readManifest } from '../../report/manifest.ts';
import { isPdf, normalised } from '../../report/pdf/normalise.ts';
import { reportFolder } from '../service/report-file.ts';
import { isOurs } from './bridge.ts';
import { ORIGIN } from './page.ts';

/** How Electron prints: on A4, with the page's own margins and page numbers. */
const PAPER: Electron.PrintToPDFOptions = {
  preferCSSPageSize: true,
  printBackground: true,
  displayHeaderFooter: false,
  generateTaggedPDF: true,
  generateDocumentOutline: true,
};

/**
 * Lets the page have a report printed that the service has written. It names the report's folder, never a path.
 * @param workspace the one that is open
 * @returns what the PDF is, or one sentence in `message` where it could not be made
 */
export function allowPrinting(workspace: () => string): void {
  ipcMain.handle('print', async (event, name: unknown) => {
    if (!isOurs(event)) return undefined;
    const folder = typeof name === 'string' ? reportFolder(workspace(), name) : undefined;
    if (folder === undefined || !existsSync(join(folder, PAGE))) {
      return { message: 'The PDF was not made, for the report is not there: export it first.' };
    }
    try {
      return await printReport(folder, name as string);
    } catch (error) {
      return { message: `The PDF was not made: ${(error as Error).message}` };
    }
  });
}

/** Prints a report beside itself, and notes it in the manifest. */
async function printReport(folder: string, name: string) {
  const { asOf } = readManifest(folder);
  const pdf = normalised(await printed(`${ORIGIN}/reports/${name}/${PAGE}`), asOf);
  if (!isPdf(pdf)) throw new Error('what was printed is no PDF.');
  writeFileSync(join(folder, PDF), pdf);
  return { file: addToManifest(folder, PDF, pdf) };
}

/** A page as PDF, printed in a window that nobody sees and in which nothing runs. */
export async function printed(address: string): Promise<Uint8Array> {
  const window = new BrowserWindow({
    show: false,
    webPreferences: {
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      javascript: false,
      webSecurity: true,
    },
  });
  try {
    await window.loadURL(address);
    return await window.webContents.printToPDF(PAPER);
  } finally {
    window.destroy();
  }
}
