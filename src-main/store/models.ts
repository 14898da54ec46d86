import type { Classifier, ModelFile } from '../classifier/classifier.ts';
import type { ClassifierOptions } from '../classifier/load.ts';
import type { Connection, Row } from './connection.ts';
import { WorkspaceError } from './errors.ts';
import { canonicalJson, fingerprintOf } from './json.ts';

/** What a workspace keeps of a classifier: all but its graph. */
export type ModelFacts = Omit<Classifier, 'graph' | 'files'>;

/** What a person says of a classifier file where it does not say so itself: options of reading it. */
export type ModelAnswers = Readonly<
  Pick<ClassifierOptions, 'preprocessing' | 'labels' | 'output' | 'signature' | 'features'>
> & {
  readonly size?: readonly [number, number];
};

export interface ModelRecord {
  readonly id: number;
  /** SHA-256 over its files' hashes and everything that decides what the network is fed. */
  readonly fingerprint: string;
  readonly name: string;
  /** Where the model file was when it was last saved. */
  readonly path: string;
  readonly facts: ModelFacts;
  /** With which options the file is read. */
  readonly answers: ModelAnswers;
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

const contentOf = (classifier: Classifier, answers: ModelAnswers) => ({
  fingerprint: modelFingerprint(classifier),
  facts: canonicalJson(factsOf(classifier)),
  answers: canonicalJson(answers),
});

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

  /** @returns its id, where the workspace knows the classifier */
  find(classifier: Classifier): number | undefined {
    return this.connection.get<{ id: number }>(
      'SELECT id FROM models WHERE fingerprint = :fingerprint',
      { fingerprint: modelFingerprint(classifier) },
    )?.id;
  }

  #record(row: Row): ModelRecord {
    const id = row.id as number;
    return {
      id,
      fingerprint: row.fingerprint as string,
      name: row.name as string,
      path: row.path as string,
      facts: JSON.parse(row.classifier as string) as ModelFacts,
      answers: JSON.parse(row.answers as string) as ModelAnswers,
      files: this.connection.all<ModelFile>(
        'SELECT path, bytes, sha256 FROM model_files WHERE model_id = :id ORDER BY position',
        { id },
      ),
      addedAt: row.added_at as string,
    };
  }
}

export class Models extends ModelReader {
  /**
   * Adds a classifier, or finds it again; a known one keeps its name and its answers.
   * @param path of the model file @returns its id
   */
  save(classifier: Classifier, path: string, answers: ModelAnswers = {}): number {
    return this.connection.transaction(() => {
      const id = this.find(classifier);
      if (id === undefined) return this.#add(classifier, path, answers);
      this.connection.run('UPDATE models SET path = :path WHERE id = :id', { path, id });
      return id;
    });
  }

  /** Says anew how a model is read. @throws WorkspaceError `bad-state` when that is another model of the workspace */
  change(id: number, classifier: Classifier, answers: ModelAnswers): void {
    const twin = this.find(classifier);
    if (twin !== undefined && twin !== id) {
      throw new WorkspaceError(
        'bad-state',
        `The workspace holds the model with these answers already: it is ${this.get(twin)!.name}.`,
      );
    }
    this.connection.run(
      `UPDATE models SET fingerprint = :fingerprint, classifier = :facts, answers = :answers
       WHERE id = :id`,
      { id, ...contentOf(classifier, answers) },
    );
    this.connection.run('DELETE FROM model_files WHERE model_id = :id', { id });
    this.#addFiles(id, classifier);
  }

  rename(id: number, name: string): void {
    this.connection.run('UPDATE models SET name = :name WHERE id = :id', { id, name });
  }

  /** Removes a model that no audit uses. */
  remove(id: number): void {
    this.connection.run('DELETE FROM models WHERE id = :id', { id });
  }

  #add(classifier: Classifier, path: string, answers: ModelAnswers): number {
    const id = this.connection.insert(
      `INSERT INTO models (fingerprint, name, path, classifier, answers, added_at)
       VALUES (:fingerprint, :name, :path, :facts, :answers, :addedAt)`,
      {
        ...contentOf(classifier, answers),
        ...{ name: classifier.name, path, addedAt: new Date().toISOString() },
      },
    );
    this.#addFiles(id, classifier);
    return id;
  }

  #addFiles(id: number, { files }: Classifier): void {
    files.forEach(({ path, bytes, sha256 }, position) => {
      this.connection.run(
        'INSERT INTO model_files VALUES (:id, :position, :path, :bytes, :sha256)',
        { id, position, path, bytes, sha256 },
      );
    });
  }
}
