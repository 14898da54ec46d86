import type { Prototype } from '../../src-main/api/prototype.ts';

/** One sentence that says which image this is, and how to make it again. */
export function citation({
  tile,
  modelName,
  modelSha256,
  seed,
  result,
  versions,
}: Prototype): string {
  const program = `Eidoscope ${versions?.eidoscope ?? ''}`.trim();
  const parts = [
    `Prototype of “${tile.label}” (class ${tile.classIndex}) of ${modelName} (SHA-256 ${modelSha256})`,
    `profile ${tile.profile}`,
    `seed ${seed}`,
    `prototype ${tile.prototypeIndex + 1}`,
    ...(result ? [`${result.steps} steps`, `image SHA-256 ${result.imageHash}`] : []),
  ];
  return `${parts.join(', ')}. Made with ${program}; method: Tagade & Rumbelow, arXiv 2309.17144.`;
}

/** How long a run took, for a person. */
export function duration(startedAt: string | undefined, finishedAt: string | undefined): string {
  if (!startedAt || !finishedAt) return '–';
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
