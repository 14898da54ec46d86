import { globSync } from 'node:fs';
import { relative } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

/** Programs and worker threads; every other module of src-main is reached from them. */
const entries = globSync(['src-main/host/*/main.ts', 'src-main/**/*-worker.ts']).sort();

/** `src-main/host/cli/main.ts` is named `host/cli/main`, so that out/main keeps the layout of src-main. */
const named = (file: string): [string, string] => [
  relative('src-main', file).replaceAll('\\', '/').replace(/\.ts$/, ''),
  file,
];

export default defineConfig({
  main: {
    build: {
      target: 'node22',
      externalizeDeps: true,
      emptyOutDir: true,
      rolldownOptions: {
        input: Object.fromEntries(entries.map(named)),
        output: {
          format: 'es',
          preserveModules: true,
          preserveModulesRoot: 'src-main',
          entryFileNames: '[name].js',
        },
      },
    },
  },
  preload: {
    build: {
      // A sandboxed preload is CommonJS and can require nothing but Electron's few modules.
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: 'src-main/host/desktop/preload.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    plugins: [svelte()],
    build: {
      outDir: 'out/renderer',
      emptyOutDir: true,
      minify: true,
      // The content security policy allows no inline script.
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rolldownOptions: { input: 'src-renderer/index.html' },
    },
  },
});
