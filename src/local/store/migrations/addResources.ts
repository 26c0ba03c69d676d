import type { DatabaseSync } from 'node:sqlite';

/** Data stores beside the first, tags, and import jobs. */
export function addResources(database: DatabaseSync): void {
  database.exec(`
    -- In the first store file of a data folder: all data stores of the folder, that of the first file included. Empty in the others.
    CREATE TABLE registered_datastore (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      datastore_id TEXT NOT NULL UNIQUE,
      arn TEXT NOT NULL,
      name TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('ACTIVE', 'DELETED')),
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      kms_key_arn TEXT,
      lambda_authorizer_arn TEXT,
      client_token TEXT UNIQUE,
      -- Of the input that came with the token.
      request_digest TEXT
    ) STRICT;

    CREATE TABLE resource_tag (
      resource_arn TEXT NOT NULL,
      key TEXT NOT NULL,
      value TEXT NOT NULL,
      PRIMARY KEY (resource_arn, key)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE import_job (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      job_id TEXT NOT NULL UNIQUE,
      job_name TEXT,
      status TEXT NOT NULL CHECK (status IN ('SUBMITTED', 'IN_PROGRESS', 'COMPLETED', 'FAILED')),
      data_access_role_arn TEXT NOT NULL,
      input_uri TEXT NOT NULL,
      -- As it is answered: with the folder of the job.
      output_uri TEXT NOT NULL,
      submitted_at INTEGER NOT NULL,
      ended_at INTEGER,
      message TEXT,
      client_token TEXT NOT NULL UNIQUE,
      request_digest TEXT NOT NULL,
      -- Of the versions that the job makes, however often it is resumed.
      import_run INTEGER NOT NULL,
      -- The process that runs it, and how many did.
      runner TEXT,
      attempts INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX unfinished_job ON import_job (seq) WHERE ended_at IS NULL;

    -- Has a row once the data store is deleted. Another process may still have the file open: it must not believe that it stored anything.
    CREATE TABLE deletion (deleted_at INTEGER NOT NULL) STRICT;
    CREATE TRIGGER no_image_set_after_deletion BEFORE INSERT ON image_set WHEN EXISTS (SELECT 1 FROM deletion)
      BEGIN SELECT raise(ABORT, 'the data store was deleted'); END;
    CREATE TRIGGER no_job_after_deletion BEFORE INSERT ON import_job WHEN EXISTS (SELECT 1 FROM deletion)
      BEGIN SELECT raise(ABORT, 'the data store was deleted'); END;
    CREATE TRIGGER no_tag_after_deletion BEFORE INSERT ON resource_tag WHEN EXISTS (SELECT 1 FROM deletion)
      BEGIN SELECT raise(ABORT, 'the data store was deleted'); END;
  `);
}
