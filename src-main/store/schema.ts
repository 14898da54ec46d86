/** "Eido": marks a SQLite file as the database of a workspace. */
export const APPLICATION_ID = 0x4569646f;

/**
 * The steps from an empty database to today's, in order; a database's `user_version` is how many it has taken.
 * A released step is never changed: the next one is added. Columns that may be undefined are nullable.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE blobs (
    hash TEXT PRIMARY KEY CHECK (length(hash) = 64),
    bytes INTEGER NOT NULL CHECK (bytes >= 0)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE models (
    id INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    classifier TEXT NOT NULL CHECK (json_valid(classifier)),
    answers TEXT NOT NULL CHECK (json_valid(answers)),
    added_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE model_files (
    model_id INTEGER NOT NULL REFERENCES models ON DELETE CASCADE,
    position INTEGER NOT NULL,
    path TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    PRIMARY KEY (model_id, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE image_sets (
    id INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    images INTEGER NOT NULL CHECK (images >= 0),
    counts TEXT NOT NULL CHECK (json_valid(counts)),
    columns TEXT CHECK (json_valid(columns)),
    skipped TEXT NOT NULL CHECK (json_valid(skipped)),
    added_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE audits (
    id INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    configuration TEXT NOT NULL CHECK (json_valid(configuration)),
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'finished', 'failed', 'cancelled')),
    reason TEXT,
    created_at TEXT NOT NULL,
    finished_at TEXT
  ) STRICT;

  CREATE TABLE audit_models (
    audit_id INTEGER NOT NULL REFERENCES audits ON DELETE CASCADE,
    position INTEGER NOT NULL,
    model_id INTEGER NOT NULL REFERENCES models,
    image_set_id INTEGER REFERENCES image_sets,
    PRIMARY KEY (audit_id, position),
    UNIQUE (audit_id, model_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    audit_id INTEGER NOT NULL REFERENCES audits ON DELETE CASCADE,
    model_id INTEGER NOT NULL REFERENCES models,
    class_index INTEGER NOT NULL CHECK (class_index >= 0),
    label TEXT NOT NULL,
    profile TEXT NOT NULL,
    prototype_index INTEGER NOT NULL CHECK (prototype_index >= 0),
    seed INTEGER NOT NULL,
    configuration TEXT NOT NULL CHECK (json_valid(configuration)),
    engine TEXT CHECK (json_valid(engine)),
    versions TEXT CHECK (json_valid(versions)),
    timings TEXT CHECK (json_valid(timings)),
    batch TEXT CHECK (json_valid(batch)),
    state TEXT NOT NULL DEFAULT 'queued'
      CHECK (state IN ('queued', 'running', 'finished', 'failed', 'cancelled')),
    reason TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    checkpoint_hash TEXT REFERENCES blobs,
    started_at TEXT,
    finished_at TEXT,
    UNIQUE (audit_id, model_id, class_index, profile, prototype_index)
  ) STRICT;
  CREATE INDEX runs_by_state ON runs (audit_id, state, id);
  CREATE INDEX runs_by_checkpoint ON runs (checkpoint_hash) WHERE checkpoint_hash IS NOT NULL;

  CREATE TABLE prototypes (
    run_id INTEGER PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
    image_hash TEXT NOT NULL REFERENCES blobs,
    raw_hash TEXT NOT NULL REFERENCES blobs,
    channels INTEGER NOT NULL,
    height INTEGER NOT NULL,
    width INTEGER NOT NULL,
    logit REAL,
    probability REAL,
    predicted INTEGER,
    variance_loss REAL,
    high_frequency_loss REAL,
    baseline_steps INTEGER NOT NULL,
    steps INTEGER NOT NULL,
    still_steps INTEGER NOT NULL,
    logits BLOB NOT NULL
  ) STRICT;
  CREATE INDEX prototypes_by_image ON prototypes (image_hash);
  CREATE INDEX prototypes_by_raw ON prototypes (raw_hash);

  CREATE TABLE snapshots (
    run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    stage INTEGER NOT NULL CHECK (stage IN (1, 2)),
    step INTEGER NOT NULL CHECK (step >= 0),
    logit REAL,
    variance_loss REAL,
    high_frequency_loss REAL,
    image_hash TEXT REFERENCES blobs,
    PRIMARY KEY (run_id, stage, step)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX snapshots_by_image ON snapshots (image_hash);

  CREATE TABLE similarities (
    audit_id INTEGER NOT NULL REFERENCES audits ON DELETE CASCADE,
    model_id INTEGER NOT NULL REFERENCES models,
    filter TEXT NOT NULL,
    seed INTEGER NOT NULL,
    resamples INTEGER NOT NULL,
    layers TEXT NOT NULL CHECK (json_valid(layers)),
    left_out TEXT NOT NULL CHECK (json_valid(left_out)),
    skipped TEXT NOT NULL CHECK (json_valid(skipped)),
    PRIMARY KEY (audit_id, model_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE class_evidence (
    audit_id INTEGER NOT NULL,
    model_id INTEGER NOT NULL,
    class_index INTEGER NOT NULL,
    label TEXT NOT NULL,
    given INTEGER NOT NULL,
    natural_images INTEGER NOT NULL CHECK (natural_images >= 0),
    evidence TEXT NOT NULL CHECK (evidence IN ('sufficient', 'insufficient')),
    images TEXT NOT NULL CHECK (json_valid(images)),
    PRIMARY KEY (audit_id, model_id, class_index),
    FOREIGN KEY (audit_id, model_id) REFERENCES similarities ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE natural_layers (
    audit_id INTEGER NOT NULL,
    model_id INTEGER NOT NULL,
    class_index INTEGER NOT NULL,
    position INTEGER NOT NULL,
    variant TEXT NOT NULL CHECK (variant IN ('full', 'pooled')),
    spearman REAL,
    l1 REAL,
    leave_one_out_spearman REAL,
    leave_one_out_l1 REAL,
    same REAL,
    different REAL,
    constant INTEGER NOT NULL,
    quantiles TEXT NOT NULL CHECK (json_valid(quantiles)),
    PRIMARY KEY (audit_id, model_id, class_index, position, variant),
    FOREIGN KEY (audit_id, model_id) REFERENCES similarities ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE subjects (
    id INTEGER PRIMARY KEY,
    audit_id INTEGER NOT NULL,
    model_id INTEGER NOT NULL,
    class_index INTEGER NOT NULL,
    series TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    kind TEXT NOT NULL,
    logit REAL,
    predicted INTEGER NOT NULL,
    spearman_percent REAL,
    l1_percent REAL,
    normalised REAL,
    normalised_pooled REAL,
    scores TEXT CHECK (json_valid(scores)),
    UNIQUE (audit_id, model_id, class_index, series, ordinal),
    FOREIGN KEY (audit_id, model_id) REFERENCES similarities ON DELETE CASCADE
  ) STRICT;

  CREATE TABLE layer_scores (
    subject_id INTEGER NOT NULL REFERENCES subjects ON DELETE CASCADE,
    position INTEGER NOT NULL,
    variant TEXT NOT NULL CHECK (variant IN ('full', 'pooled')),
    spearman REAL,
    l1 REAL,
    pairwise REAL,
    normalised REAL,
    PRIMARY KEY (subject_id, position, variant)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE series_totals (
    audit_id INTEGER NOT NULL,
    model_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    series TEXT NOT NULL,
    kind TEXT NOT NULL,
    classes INTEGER NOT NULL,
    natural_images INTEGER NOT NULL,
    spearman_percent REAL,
    l1_percent REAL,
    normalised REAL,
    normalised_pooled REAL,
    scores TEXT CHECK (json_valid(scores)),
    PRIMARY KEY (audit_id, model_id, position),
    FOREIGN KEY (audit_id, model_id) REFERENCES similarities ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE findings (
    audit_id INTEGER NOT NULL REFERENCES audits ON DELETE CASCADE,
    topic TEXT NOT NULL,
    content TEXT NOT NULL CHECK (json_valid(content)),
    PRIMARY KEY (audit_id, topic)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE jobs (
    id INTEGER PRIMARY KEY,
    audit_id INTEGER NOT NULL UNIQUE REFERENCES audits ON DELETE CASCADE,
    place INTEGER NOT NULL UNIQUE,
    state TEXT NOT NULL
      CHECK (state IN ('queued', 'running', 'paused', 'finished', 'failed', 'cancelled')),
    reason TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    notes TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(notes)),
    created_at TEXT NOT NULL,
    ended_at TEXT
  ) STRICT;
  CREATE INDEX jobs_by_state ON jobs (state, place);

  CREATE TABLE reviews (
    audit_id INTEGER NOT NULL REFERENCES audits ON DELETE CASCADE,
    sights TEXT NOT NULL CHECK (sights <> ''),
    state TEXT NOT NULL CHECK (state IN ('unreviewed', 'concern', 'cleared')),
    severity INTEGER CHECK (severity BETWEEN 0 AND 5),
    note TEXT NOT NULL,
    reading TEXT NOT NULL CHECK (reading IN ('named', 'blind', 'revealed')),
    reviewed_at TEXT NOT NULL,
    PRIMARY KEY (audit_id, sights)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE scopes (
    audit_id INTEGER PRIMARY KEY REFERENCES audits ON DELETE CASCADE,
    title TEXT NOT NULL,
    question TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    blind INTEGER NOT NULL CHECK (blind IN (0, 1))
  ) STRICT;

  CREATE TABLE saved_views (
    id INTEGER PRIMARY KEY,
    audit_id INTEGER NOT NULL REFERENCES audits ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (name <> ''),
    query TEXT NOT NULL,
    UNIQUE (audit_id, name)
  ) STRICT;

  CREATE TABLE cache (
    key TEXT PRIMARY KEY,
    hash TEXT NOT NULL REFERENCES blobs
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX cache_by_hash ON cache (hash);
  `,
];

/** Every column that refers to a file: a blob that none of them names is garbage. */
export const blobReferences: readonly (readonly [table: string, column: string])[] = [
  ['runs', 'checkpoint_hash'],
  ['prototypes', 'image_hash'],
  ['prototypes', 'raw_hash'],
  ['snapshots', 'image_hash'],
  ['cache', 'hash'],
];
