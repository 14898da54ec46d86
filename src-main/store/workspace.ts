import fs from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AuditReader, Audits } from './audits.ts';
import { BlobReader, BlobStore } from './blobs.ts';
import { Cache, CacheReader } from './cache.ts';
import { Connection } from './connection.ts';
import { holdsDamaged } from './damage.ts';
import { DATABASE, openForReading, openForWriting, type Migrations } from './database.ts';
import { guarded, systemError } from './errors.ts';
import { Files, garbageOf, weighed, type Garbage } from './files.ts';
import { galleryOf, tileOf, type GalleryTile } from './gallery.ts';
import { ImageSetReader, ImageSets } from './image-sets.ts';
import { JobReader, Jobs } from './jobs.ts';
import { WriterLock } from './lock.ts';
import { makeFolder } from './make-folder.ts';
import { ModelReader, Models } from './models.ts';
import { ReviewReader, Reviews } from './reviews.ts';
import { RunReader } from './run-reader.ts';
import { Runs } from './runs.ts';
import { SavedViewReader, SavedViews } from './saved-views.ts';
import { ScoreReader } from './score-reader.ts';
import { Scores } from './scores.ts';
import { verify, type Verdict } from './verify.ts';

const FILES = 'files';

/** Bytes that a workspace takes on the disk. */
export interface WorkspaceSize {
  readonly database: number;
  readonly files: number;
}

/** A workspace that is only read. Any number of processes may do so while one writes. */
export class WorkspaceReader {
  readonly path: string;
  readonly models: ModelReader;
  readonly imageSets: ImageSetReader;
  readonly audits: AuditReader;
  readonly runs: RunReader;
  readonly scores: ScoreReader;
  readonly jobs: JobReader;
  readonly cache: CacheReader;
  readonly reviews: ReviewReader;
  readonly savedViews: SavedViewReader;
  protected readonly connection: Connection;
  protected readonly blobs: BlobReader;

  constructor(path: string, connection: Connection, blobs: BlobReader) {
    this.path = path;
    this.connection = connection;
    this.blobs = blobs;
    this.models = new ModelReader(connection);
    this.imageSets = new ImageSetReader(connection);
    this.audits = new AuditReader(connection);
    this.runs = new RunReader(connection, blobs);
    this.jobs = new JobReader(connection);
    this.cache = new CacheReader(connection, blobs);
    this.scores = new ScoreReader(connection);
    this.reviews = new ReviewReader(connection);
    this.savedViews = new SavedViewReader(connection);
  }

  /** All tiles of an audit, class by class. */
  gallery(auditId: number): GalleryTile[] {
    return galleryOf(this.connection, auditId);
  }

  /** The tile of one run. */
  tile(runId: number): GalleryTile | undefined {
    return tileOf(this.connection, runId);
  }

  /** Whether a file is there; whether its content is what its name says, `readFile` tells. */
  keeps(hash: string): boolean {
    return this.blobs.has(hash);
  }

  /** Content of a file by its name. @throws WorkspaceError `lost-file` when it is missing or damaged */
  readFile(hash: string): Uint8Array {
    return this.blobs.read(hash);
  }

  /** Checks the database, its references, and the content of every file. */
  verify(): Verdict {
    return verify(this.connection, this.blobs);
  }

  /** What `Workspace.collectGarbage` would remove. */
  garbage(): Garbage {
    const names = holdsDamaged(this.path) ? [] : garbageOf(this.connection, this.blobs);
    return weighed(this.blobs, names);
  }

  size(): WorkspaceSize {
    const bytesOf = (file: string): number => (fs.existsSync(file) ? fs.statSync(file).size : 0);
    const database = ['', '-wal', '-shm'].map((suffix) =>
      bytesOf(join(this.path, DATABASE + suffix)),
    );
    let files = 0;
    for (const name of this.blobs.names()) files += this.blobs.sizeOf(name);
    return { database: database.reduce((sum, bytes) => sum + bytes, 0), files };
  }

  close(): void {
    this.connection.close();
  }
}

/** A workspace and its only writer. */
export class Workspace extends WorkspaceReader {
  declare readonly models: Models;
  declare readonly imageSets: ImageSets;
  declare readonly audits: Audits;
  declare readonly runs: Runs;
  declare readonly scores: Scores;
  declare readonly reviews: Reviews;
  declare readonly savedViews: SavedViews;
  declare readonly jobs: Jobs;
  declare readonly cache: Cache;
  readonly #files: Files;
  readonly #lock: WriterLock;

  constructor(path: string, connection: Connection, blobs: BlobStore, lock: WriterLock) {
    super(path, connection, blobs);
    const files = new Files(blobs, connection);
    this.models = new Models(connection);
    this.imageSets = new ImageSets(connection);
    this.audits = new Audits(connection);
    this.runs = new Runs(connection, files);
    this.scores = new Scores(connection);
    this.reviews = new Reviews(connection);
    this.savedViews = new SavedViews(connection);
    this.jobs = new Jobs(connection);
    this.cache = new Cache(connection, files);
    this.#files = files;
    this.#lock = lock;
  }

  /**
   * Removes the files that nothing refers to. While a damaged database lies in the workspace it removes none, for
   * that one may name them.
   */
  collectGarbage(): Garbage {
    return holdsDamaged(this.path) ? { files: 0, bytes: 0 } : this.#files.collect();
  }

  override close(): void {
    super.close();
    this.#lock.release();
  }
}

export interface WorkspaceOptions {
  readonly readOnly?: boolean;
  /** Steps of the database's format in place of today's, for tests of the migration itself. */
  readonly migrations?: Migrations;
}

/**
 * Opens a workspace: a folder with a database and content-addressed files. For writing it is created when it is not
 * there, brought to today's format (a backup of the older one stays beside it), and locked against other writers.
 *
 * @throws WorkspaceError in one sentence: `missing`, `not-a-folder`, `denied`, `read-only`, `full`, `busy`, `newer`,
 *   `older` (reading), `not-a-workspace`, or `corrupt`, where a damaged database was moved aside and not deleted
 */
export function openWorkspace(
  path: string,
  options: WorkspaceOptions & { readonly readOnly: true },
): WorkspaceReader;
export function openWorkspace(
  path: string,
  options?: WorkspaceOptions & { readonly readOnly?: false },
): Workspace;
export function openWorkspace(path: string, options: WorkspaceOptions = {}): WorkspaceReader {
  const folder = resolve(path);
  return options.readOnly ? openReader(folder, options) : openWriter(folder, options);
}

function openReader(folder: string, { migrations }: WorkspaceOptions): WorkspaceReader {
  const connection = new Connection(openForReading(folder, migrations), folder);
  return new WorkspaceReader(folder, connection, new BlobReader(join(folder, FILES)));
}

/** A path, or the first above it that exists. */
function nearestThere(path: string): string {
  return fs.existsSync(path) ? path : nearestThere(dirname(path));
}

function openWriter(folder: string, { migrations }: WorkspaceOptions): Workspace {
  guarded(folder, () => {
    if (fs.existsSync(folder) && !fs.statSync(folder).isDirectory()) {
      throw systemError('ENOTDIR', folder);
    }
    // Of a read-only disk, mkdir says that the folder is missing.
    fs.accessSync(nearestThere(folder), fs.constants.R_OK | fs.constants.W_OK);
    makeFolder(folder);
  });
  const lock = new WriterLock(join(folder, 'writer.lock'), folder);
  try {
    const connection = new Connection(openForWriting(folder, migrations), folder);
    const workspace = new Workspace(folder, connection, new BlobStore(join(folder, FILES)), lock);
    workspace.runs.requeueInterrupted();
    return workspace;
  } catch (error) {
    lock.release();
    throw error;
  }
}
