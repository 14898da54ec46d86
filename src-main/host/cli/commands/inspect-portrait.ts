import { readFileSync } from 'node:fs';
import { PrototypeError } from '../../../prototype/errors.ts';
import { decodePortrait, type Provenance } from '../../../prototype/portrait.ts';
import { sha256 } from '../../../store/blobs.ts';
import { openWorkspace } from '../../../store/workspace.ts';
import { exitCodes } from '../failure.ts';
import { printable } from '../printable.ts';
import type { Terminal } from '../terminal.ts';

/**
 * Says what the PNG of a prototype says of itself. Anyone can write such a record: only a workspace that holds the same
 * bytes vouches for the picture.
 */
export async function inspectPortrait(
  path: string,
  workspace: string | undefined,
  terminal: Terminal,
): Promise<void> {
  const bytes = readPicture(path);
  const { width, height, channels, provenance } = decodePortrait(bytes);
  const hash = sha256(bytes);
  const held = workspace === undefined ? undefined : isHeld(workspace, hash);
  const found = { path, sha256: hash, width, height, channels, held, provenance };
  await terminal.result(found, () =>
    [
      ...facts(provenance),
      ['picture', `${width} × ${height}, SHA-256 ${hash}`] as const,
      ['its pixels', vouched(held)] as const,
    ]
      .map(([name, value]) => `${name.padEnd(16)}${printable(value)}`)
      .join('\n'),
  );
  if (held === false) process.exitCode = exitCodes.changed;
}

function readPicture(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new PrototypeError('bad-portrait', `The picture ${path} cannot be read (${code}).`, {
      cause: error,
    });
  }
}

/** Whether a workspace holds these very bytes as the image of a prototype. */
function isHeld(path: string, hash: string): boolean {
  const workspace = openWorkspace(path, { readOnly: true });
  try {
    return workspace.audits
      .list()
      .some(({ id }) => workspace.gallery(id).some(({ imageHash }) => imageHash === hash));
  } finally {
    workspace.close();
  }
}

function vouched(held: boolean | undefined): string {
  if (held === undefined) {
    return 'whether they are what the record claims cannot be told from the file alone: name a workspace that you trust with --workspace, or make the prototype again';
  }
  return held
    ? 'the workspace holds this very file'
    : 'the workspace does not hold this file: it was changed, or made elsewhere';
}

function facts(provenance: Provenance): (readonly [string, string])[] {
  const { model, files, classIndex, label, prototype, configuration, engine, versions } =
    provenance;
  const { logit, baselineSteps, steps, complete } = provenance;
  return [
    ['prototype', `of class ${classIndex}, ${label}, number ${prototype}`],
    ['model', model],
    ...files.map(({ path, sha256: hash }) => ['file', `${path}, SHA-256 ${hash}`] as const),
    ['profile', `${configuration.profile}, seed ${configuration.seed}`],
    ['logit', String(logit)],
    ['steps', `${baselineSteps} + ${steps}${complete ? '' : ', stopped before the end'}`],
    ['engine', `${engine.id} ${engine.version}, ${engine.provider}, ${engine.device}`],
    [
      'versions',
      Object.entries(versions)
        .map((pair) => pair.join(' '))
        .join(', '),
    ],
  ];
}
