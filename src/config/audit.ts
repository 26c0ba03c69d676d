import { aes256Key, matching, oneOf } from './parsers.ts';
import { setting } from './setting.ts';

export const auditSettings = {
  mode: setting('AUDIT', oneOf('off', 'on', 'required'), undefined, [
    'on with authentication, off without',
    '`on`: an event for every search and read; `required`: and no answer where it cannot be written',
  ]),
  format: setting('AUDIT_FORMAT', oneOf('fhir', 'dicom'), 'fhir', [
    'fhir',
    '`fhir`: AuditEvent (IHE BALP) as JSON; `dicom`: audit message (PS3.15) as XML',
  ]),
  file: setting('AUDIT_FILE', matching(/./, 'a file'), undefined, [
    'none: stdout',
    'file that events are appended to, each flushed to disk and chained to the one before',
  ]),
  chainKey: setting('AUDIT_CHAIN_KEY', aes256Key, undefined, [
    'none',
    'base64 key of 32 bytes for the chain: without it, whoever edits the file can also chain it anew',
  ]),
  valuesKey: setting('AUDIT_VALUES_KEY', aes256Key, undefined, [
    'none: no values',
    'base64 key of 32 bytes: events then hold a keyed hash of each value searched for',
  ]),
  source: setting('AUDIT_SOURCE', matching(/^[\w.:-]{1,64}$/, 'a name'), 'healthimaging-graphql', [
    'healthimaging-graphql',
    'how events name this server',
  ]),
} as const;
