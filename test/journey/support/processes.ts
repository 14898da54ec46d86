import { execFileSync } from 'node:child_process';

interface Listed {
  readonly pid: number;
  readonly parent: number;
  readonly words: string;
}

function listProcesses(): Listed[] {
  const table = execFileSync('ps', ['-ww', '-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return table.split('\n').flatMap((line) => {
    const [, pid, parent, words] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid ? [{ pid: Number(pid), parent: Number(parent), words }] : [];
  });
}

/** The service that a host started: a Node of its own, or a utility process of Electron's. */
export function servicePid(host: number): number | undefined {
  const all = listProcesses();
  const family = new Set([host]);
  for (let before = 0; before < family.size;) {
    before = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.find(
    ({ pid, words }) =>
      pid !== host &&
      family.has(pid) &&
      /host\/service\/main\.|node\.mojom\.NodeService/.test(words),
  )?.pid;
}
