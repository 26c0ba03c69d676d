import { aes256Key, matching, oneOf } from './parsers.ts';
import { setting } from './setting.ts';

export const auditSettings = {
  mode: setting('AUDIT', oneOf('off', 'on', 'required'), undefined, [
    'on with authentication, off without',
    '`on`: an event for every search and read; `required`: no data either when it cannot be written',
  ]),
  format: setting('AUDIT_FORMAT', oneOf('fhir', 'dicom'), 'fhir', [
    'fhir',
    '`fhir`: AuditEvent (IHE BALP) as JSON; `dicom`: audit message (PS3.15) as XML',
  ]),
  file: setting('AUDIT_FILE', matching(/./, 'a file'), undefined, [
    'none: stdout',
    'file to which events are appended, each flushed to disk and chained to the one before',
  ]),
  chainKey: setting('AUDIT_CHAIN_KEY', aes256Key, undefined, [
    'none',
    'base64 key of 32 bytes for the chain; without it, anyone who can edit the file can also rebuild the chain',
  ]),
  valuesKey: setting('AUDIT_VALUES_KEY', aes256Key, undefined, [
    'none: no values',
    'base64 key of 32 bytes; events then hold a keyed hash of each value that was searched for',
  ]),
  source: setting('AUDIT_SOURCE', matching(/^[\w.:-]{1,64}$/, 'a name'), 'healthimaging-graphql', [
    'healthimaging-graphql',
    'name of this server in events',
  ]),
} as const;
