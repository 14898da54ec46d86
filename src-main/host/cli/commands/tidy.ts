import type { Command } from 'commander';
import { bytes, counted } from '../../../api/figure.ts';
import { holdsDamaged } from '../../../store/damage.ts';
import { openWorkspace } from '../../../store/workspace.ts';
import { withExamples } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { inKnownWorkspace } from '../workspace.ts';

interface Tidied {
  readonly files: number;
  readonly bytes: number;
  readonly removed: boolean;
}

/** `tidy`: the room that files take to which nothing refers any more. */
export function addTidy(program: Command, open: () => Terminal): Command {
  const command = program
    .command('tidy')
    .description('say which files of a workspace nothing needs any more, and remove them')
    .argument('<workspace>', 'folder of the workspace')
    .option('--yes', 'remove them; without it they are only counted', false);
  return withExamples(command, ['eidoscope tidy my-audit', 'eidoscope tidy my-audit --yes']).action(
    async (path: string, { yes }: { yes: boolean }) => {
      const terminal = open();
      const tidied = { ...(await (yes ? remove(path) : weigh(path))), removed: yes };
      await terminal.result(tidied, () => text(tidied, path));
    },
  );
}

function weigh(path: string) {
  const workspace = openWorkspace(path, { readOnly: true });
  try {
    return workspace.garbage();
  } finally {
    workspace.close();
  }
}

const remove = (path: string) =>
  inKnownWorkspace(path, (workspace) => Promise.resolve(workspace.collectGarbage()));

function text({ files, bytes: size, removed }: Tidied, path: string): string {
  if (holdsDamaged(path)) {
    return 'A damaged database lies in the workspace and may name files, so none is removed.';
  }
  if (files === 0) return 'Every file of the workspace is needed.';
  const what = `${counted(files, 'file', 'files')}, ${bytes(size)}`;
  return removed
    ? `Removed: ${what}.`
    : `Nothing refers to ${what}. Add --yes to remove ${files === 1 ? 'it' : 'them'}.`;
}
