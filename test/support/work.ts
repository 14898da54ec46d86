/**
 * Work that a thread does, in place of the time that goes by meanwhile: a busy machine does no more of it. Other
 * processes that share a core's caches make it some times more at the most, so limits lie far above what is usual.
 */
const spent = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

/** Milliseconds that this thread's processor works at an action. */
export function workOf(action: () => void): number {
  const before = spent();
  action();
  return spent() - before;
}

/** As `workOf`, of an action that waits in between. */
export async function workOfAsync(action: () => Promise<unknown>): Promise<number> {
  const before = spent();
  await action();
  return spent() - before;
}
