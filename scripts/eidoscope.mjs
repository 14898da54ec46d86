#!/usr/bin/env node
/** The `eidoscope` program: starts the built command line under Node 24, and adds no word of its own. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join(root, 'out', 'main', 'host', 'cli', 'main.js');
const executable = process.platform === 'win32' ? 'node.exe' : 'node';
const pinned = join(root, 'node_modules', 'node', 'bin', executable);
const recent = Number(process.versions.node.split('.')[0]) >= 24;

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** better-sqlite3 needs Node-API 10, which an older Node lacks. */
function runPinned() {
  const child = spawn(pinned, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // Ctrl-C on a terminal reaches the child by itself.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => fail(`The pinned Node cannot be started: ${error.message}.`));
  child.on('close', (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

if (!existsSync(program)) {
  fail('Eidoscope is not built yet: run "npm ci" and "npm run build" in its folder.');
} else if (recent) {
  process.argv[1] = program;
  await import(pathToFileURL(program).href);
} else if (existsSync(pinned)) {
  runPinned();
} else {
  fail(`Eidoscope needs Node 24, and this is ${process.version}: run "npm ci" in its folder.`);
}
