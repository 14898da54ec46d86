import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Nothing but our own files, and no script in the page itself. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    // The report alone lets itself be framed, and nothing runs in it.
    "frame-src 'self'",
    "worker-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

export interface PageFile {
  readonly bytes: Uint8Array;
  readonly type: string;
}

/**
 * A file of the built page. @param path of the URL, decoded
 * @returns undefined for what is not there, is no kind that the page uses, or lies outside the folder
 */
export async function pageFile(folder: string, path: string): Promise<PageFile | undefined> {
  const name = path === '/' ? '/index.html' : path;
  const type = types[extname(name)];
  if (!type || name.includes('\0')) return undefined;
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, name));
    return file.startsWith(root + sep) ? { bytes: await readFile(file), type } : undefined;
  } catch {
    return undefined;
  }
}
