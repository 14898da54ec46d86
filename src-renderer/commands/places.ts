import type { Desk } from '../shell/desk.svelte.ts';
import type { Command } from './command.ts';

const always = (): boolean => true;

/** Classes and audits, which the palette finds by name like commands. In a blind review no class has a name. */
export function placesOf(desk: Desk): Command[] {
  const { source, location } = desk;
  const current = source.audit?.summary.id;
  const audits = (source.studio?.audits ?? [])
    .filter(({ id }) => id !== current)
    .map(({ id, name }): Command => ({
      ...{ id: `audit.${id}`, title: name, group: 'Audits', keys: [], when: always },
      run: () => location.go({ view: 'gallery', auditId: id, sights: [], options: {} }),
    }));
  return [...audits, ...(desk.gallery.isBlind ? [] : classesOf(desk))];
}

/** Each name once, whatever models know it. */
function classesOf(desk: Desk): Command[] {
  const labels = [...new Set(desk.gallery.tiles.map(({ label }) => label))];
  return labels.map((label): Command => ({
    ...{ id: `class.${label}`, title: label, group: 'Classes', keys: [], when: always },
    run: () => desk.location.go({ view: 'gallery', sights: [], options: { q: label } }),
  }));
}

/** What was chosen last comes first; all else keeps its order. @param recent ids, the last one first */
export function recentFirst(
  commands: readonly Command[],
  recent: readonly string[],
): readonly Command[] {
  const again = recent.flatMap((id) => commands.filter((command) => command.id === id));
  return [...again, ...commands.filter(({ id }) => !recent.includes(id))];
}
