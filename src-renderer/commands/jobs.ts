import { tick } from 'svelte';
import { isOpen } from '../jobs/words.ts';
import type { Desk } from '../shell/desk.svelte.ts';
import type { Command } from './command.ts';

export function jobsCommands(desk: Desk): Command[] {
  const { jobs } = desk;
  return [
    {
      ...{ id: 'view.jobs', title: 'Go to the jobs', group: 'Everywhere', keys: ['Q'] },
      when: () => desk.view !== 'jobs',
      run: () => desk.openView('jobs'),
    },
    ...choosing(desk),
    ...(['up', 'down'] as const).map((way): Command => {
      const by = way === 'up' ? -1 : 1;
      return {
        ...{ id: `jobs.${way}`, title: `Move ${way} in the queue`, group: 'Jobs' },
        keys: [way === 'up' ? 'Alt+ArrowUp' : 'Alt+ArrowDown'],
        when: () => desk.view === 'jobs' && jobs.chosen?.state === 'queued',
        run: () => jobs.chosen && jobs.move(jobs.chosen, by),
      };
    }),
    ...deciding(desk),
  ];
}

/** The focus goes along, so that what is chosen is also what is read out. */
async function choose({ jobs }: Desk, by: 1 | -1): Promise<void> {
  jobs.choose(by);
  await tick();
  document.getElementById(`job-${jobs.chosen?.id}`)?.focus();
}

function choosing(desk: Desk): Command[] {
  const when = (): boolean => desk.view === 'jobs' && desk.jobs.all.length > 0;
  const group = 'Jobs';
  return [
    {
      ...{ id: 'jobs.previous', title: 'Previous job', group, keys: ['ArrowUp'], when },
      run: () => void choose(desk, -1),
    },
    {
      ...{ id: 'jobs.next', title: 'Next job', group, keys: ['ArrowDown'], when },
      run: () => void choose(desk, 1),
    },
    {
      ...{ id: 'jobs.gallery', title: 'Show its gallery', group, keys: ['Enter'], when },
      run: () =>
        desk.location.go({
          ...{ view: 'gallery', sights: [], options: {} },
          auditId: desk.jobs.chosen?.auditId,
        }),
    },
  ];
}

/** In other views these act on the job under way. */
function deciding(desk: Desk): Command[] {
  const { jobs } = desk;
  const group = 'Jobs';
  const inView = (): boolean => desk.view === 'jobs';
  const job = () => (inView() ? jobs.chosen : jobs.running);
  const isOver = (): boolean => {
    const found = job();
    return inView() && found !== undefined && !isOpen(found);
  };
  const isUnderWay = (): boolean => {
    const found = job();
    return found !== undefined && isOpen(found);
  };
  const run = (act: (chosen: NonNullable<ReturnType<typeof job>>) => void) => (): void => {
    const found = job();
    if (found) act(found);
  };
  const cancelled = run((found) => {
    desk.openView('jobs');
    jobs.asking = found;
  });
  return [
    {
      ...{ id: 'jobs.pause', title: 'Pause or resume the job', group, keys: ['Shift+Q'] },
      when: isUnderWay,
      run: run((found) => jobs.pauseOrResume(found)),
    },
    {
      ...{ id: 'jobs.cancel', title: 'Cancel the job', group, keys: [], run: cancelled },
      when: isUnderWay,
    },
    {
      ...{ id: 'jobs.cancel.here', title: 'Cancel, or take off the list', group, keys: ['Delete'] },
      when: inView,
      run: () => (isOver() ? run((found) => jobs.drop(found))() : cancelled()),
    },
    {
      ...{ id: 'jobs.retry', title: 'Retry the job', group, keys: ['R'] },
      when: () => isOver() && job()?.state !== 'finished',
      run: run((found) => jobs.retry(found)),
    },
    {
      ...{ id: 'jobs.clear', title: 'Clear jobs that have ended', group, keys: [] },
      when: () => inView() && jobs.all.some((each) => !isOpen(each)),
      run: () => jobs.dropEnded(),
    },
  ];
}
