import type { Classifier, ModelFile } from '../classifier/classifier.ts';
import type { Connection, Row } from './connection.ts';
import { canonicalJson, fingerprintOf } from './json.ts';

/** What a workspace keeps of a classifier: all but its graph. */
export type ModelFacts = Omit<Classifier, 'graph' | 'files'>;

export interface ModelRecord {
  readonly id: number;
  /** SHA-256 over its files' hashes and everything that decides what the network is fed. */
  readonly fingerprint: string;
  readonly name: string;
  /** Where the model file was when it was last saved. */
  readonly path: string;
  readonly facts: ModelFacts;
  readonly files: readonly ModelFile[];
  readonly addedAt: string;
}

function factsOf(classifier: Classifier): ModelFacts {
  const { graph: _graph, files: _files, ...facts } = classifier;
  return facts;
}

/** What makes two models the same: their files' content, and how images are fed to them. */
export function modelFingerprint(classifier: Classifier): string {
  const { input, preprocessing, labels, logits } = classifier;
  const files = classifier.files.map((file) => file.sha256);
  return fingerprintOf({ files, input, preprocessing, labels, logits });
}

export class ModelReader {
  protected readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  list(): ModelRecord[] {
    return this.connection.all('SELECT * FROM models ORDER BY id').map((row) => this.#record(row));
  }

  get(id: number): ModelRecord | undefined {
    const row = this.connection.get('SELECT * FROM models WHERE id = :id', { id });
    return row && this.#record(row);
  }

  #record(row: Row): ModelRecord {
    const id = row.id as number;
    return {
      id,
      fingerprint: row.fingerprint as string,
      name: row.name as string,
      path: row.path as string,
      facts: JSON.parse(row.classifier as string) as ModelFacts,
      files: this.connection.all<ModelFile>(
        'SELECT path, bytes, sha256 FROM model_files WHERE model_id = :id ORDER BY position',
        { id },
      ),
      addedAt: row.added_at as string,
    };
  }
}

export class Models extends ModelReader {
  /** Adds a classifier, or finds it again. @param path of the model file @returns its id */
  save(classifier: Classifier, path: string): number {
    const fingerprint = modelFingerprint(classifier);
    return this.connection.transaction(() => {
      const known = this.connection.get<{ id: number }>(
        'SELECT id FROM models WHERE fingerprint = :fingerprint',
        { fingerprint },
      );
      if (known) {
        this.connection.run('UPDATE models SET path = :path WHERE id = :id', {
          path,
          id: known.id,
        });
        return known.id;
      }
      return this.#add(classifier, path, fingerprint);
    });
  }

  #add(classifier: Classifier, path: string, fingerprint: string): number {
    const id = this.connection.insert(
      `INSERT INTO models (fingerprint, name, path, classifier, added_at)
       VALUES (:fingerprint, :name, :path, :classifier, :addedAt)`,
      {
        fingerprint,
        name: classifier.name,
        path,
        classifier: canonicalJson(factsOf(classifier)),
        addedAt: new Date().toISOString(),
      },
    );
    classifier.files.forEach((file, position) => {
      this.connection.run(
        'INSERT INTO model_files VALUES (:id, :position, :path, :bytes, :sha256)',
        {
          id,
          position,
          path: file.path,
          bytes: file.bytes,
          sha256: file.sha256,
        },
      );
    });
    return id;
  }
}
