import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

import { addResources } from './migrations/addResources.ts';
import { StoreError } from './storeError.ts';
import { studyKeyOfFile } from './studyDateKey.ts';

/** "HImg": distinguishes a store from any other SQLite database. */
const applicationId = 0x48496d67;

export interface Creation {
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

type Migration = (database: DatabaseSync, creation: Creation) => void;

/** The n-th migration leads from user_version n to n + 1. Never change one that was released. */
const migrations: readonly Migration[] = [createTables, readOddValues, addEdits, addResources];

function createTables(database: DatabaseSync, { region, now }: Creation): void {
  database.exec(`
    CREATE TABLE datastore (
      datastore_id TEXT NOT NULL PRIMARY KEY,
      region TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      token_secret BLOB NOT NULL
    ) STRICT;

    -- seq breaks ties in every order. It is not an alias of the rowid: SQLite cannot use an alias in a comparison of row values,
    -- and would scan all rows that tie with the last one of a page.
    -- study_key is '' where the file has no valid study date: '' sorts lowest, and no range includes it.
    -- summary is the image set's member of imageSetsMetadataSummaries, as JSON.
    CREATE TABLE image_set (
      seq INTEGER NOT NULL UNIQUE,
      image_set_id TEXT NOT NULL UNIQUE,
      version INTEGER NOT NULL,
      is_primary INTEGER NOT NULL CHECK (is_primary IN (0, 1)),
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL CHECK (updated_at >= created_at),
      last_accessed_at INTEGER,
      study_key TEXT NOT NULL,
      study_date TEXT,
      patient_id TEXT,
      accession_number TEXT,
      study_id TEXT,
      study_uid TEXT NOT NULL,
      series_uid TEXT NOT NULL,
      summary TEXT NOT NULL
    ) STRICT;
    -- One for each order; each covers the other sort keys, so that a range on one is checked without reading the row.
    CREATE INDEX by_updated ON image_set (updated_at, seq, created_at, study_key, is_primary);
    CREATE INDEX by_created ON image_set (created_at, seq, updated_at, study_key, is_primary);
    CREATE INDEX by_study ON image_set (study_key, seq, updated_at, created_at, is_primary);
    -- Rows of equal value, in the default order.
    CREATE INDEX by_patient_id ON image_set (patient_id, updated_at, seq);
    CREATE INDEX by_accession_number ON image_set (accession_number, updated_at, seq);
    CREATE INDEX by_study_id ON image_set (study_id, updated_at, seq);
    CREATE INDEX by_study_uid ON image_set (study_uid, updated_at, seq);
    CREATE INDEX by_series_uid ON image_set (series_uid, updated_at, seq);
    CREATE INDEX by_is_primary ON image_set (is_primary, updated_at, seq, created_at, study_key);

    CREATE TABLE image_set_version (
      image_set INTEGER NOT NULL REFERENCES image_set (seq),
      version INTEGER NOT NULL,
      -- The import that made it: later batches of the same import go into the same version.
      import_run INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      PRIMARY KEY (image_set, version)
    ) STRICT, WITHOUT ROWID;

    -- One row for each content ever imported: a file that is imported again is recognised even after another replaced it.
    CREATE TABLE instance (
      image_set INTEGER NOT NULL REFERENCES image_set (seq),
      sop_instance_uid TEXT NOT NULL,
      digest BLOB NOT NULL,
      since_version INTEGER NOT NULL,
      -- The first version without it; null while it is current.
      until_version INTEGER,
      document TEXT NOT NULL,
      UNIQUE (image_set, sop_instance_uid, digest)
    ) STRICT;
    CREATE UNIQUE INDEX current_instance ON instance (image_set, sop_instance_uid) WHERE until_version IS NULL;
  `);
  database
    .prepare('INSERT INTO datastore VALUES (?, ?, ?, ?, ?)')
    .run(randomBytes(16).toString('hex'), region, now, now, randomBytes(32));
}

/** Dates and times in odd forms were not read, and blanks at the ends of identifiers not taken for padding. */
function readOddValues(database: DatabaseSync): void {
  database.exec(`
    UPDATE image_set SET patient_id = trim(patient_id), accession_number = trim(accession_number), study_id = trim(study_id)
    WHERE patient_id <> trim(patient_id) OR accession_number <> trim(accession_number) OR study_id <> trim(study_id)
  `);
  const read = database.prepare(
    `SELECT seq, study_key, summary ->> '$.DICOMTags.DICOMStudyDate' AS date, summary ->> '$.DICOMTags.DICOMStudyTime' AS time
     FROM image_set WHERE seq > ? AND (study_key = '' OR substr(study_key, 9) = '000000000000') ORDER BY seq LIMIT 1000`,
  );
  const write = database.prepare('UPDATE image_set SET study_key = ? WHERE seq = ?');
  const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);
  for (let rows = read.all(0); rows.length > 0; rows = read.all(Number(rows.at(-1)?.['seq']))) {
    for (const { seq = null, study_key: known, date, time } of rows) {
      const key = studyKeyOfFile(textOf(date), textOf(time));
      if (key !== known) write.run(key, seq);
    }
  }
}

function addEdits(database: DatabaseSync): void {
  database.exec(`
    ALTER TABLE image_set_version ADD COLUMN forced INTEGER NOT NULL DEFAULT 0 CHECK (forced IN (0, 1));
    -- Null: as its number says.
    ALTER TABLE image_set_version ADD COLUMN status TEXT;

    -- Image sets that are locked until the edit is done; edit is null where it is that of another.
    CREATE TABLE pending_edit (
      image_set_id TEXT NOT NULL PRIMARY KEY,
      status TEXT NOT NULL,
      edit TEXT
    ) STRICT, WITHOUT ROWID;

    -- versions is a JSON array of versions and times, oldest first.
    CREATE TABLE deleted_image_set (
      image_set_id TEXT NOT NULL PRIMARY KEY,
      is_primary INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      deleted_at INTEGER NOT NULL,
      versions TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `);
}

/**
 * Brings a database to the newest version of the schema. The version is read again inside the transaction, since another process may
 * be doing the same.
 * @throws {StoreError} for a database of something else, or of a newer release
 */
export function migrate(database: DatabaseSync, creation: Creation): void {
  if (versionOf(database) === migrations.length) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const migration of migrations.slice(versionOf(database))) migration(database, creation);
    database.exec(
      `PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}; COMMIT`,
    );
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(database: DatabaseSync): number {
  const application = pragma(database, 'application_id');
  const version = pragma(database, 'user_version');
  const empty = database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
  if (application !== applicationId && !(application === 0 && version === 0 && empty)) {
    throw new StoreError(
      'Expected a store of the embedded HealthImaging, but the file is a database of another program. Choose another folder.',
    );
  }
  if (version > migrations.length) {
    throw new StoreError(
      `Expected a store of version ${migrations.length} at most, but it has version ${version}: ` +
        'a newer release made it. Upgrade, or choose another folder.',
    );
  }
  return version;
}

function pragma(database: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
