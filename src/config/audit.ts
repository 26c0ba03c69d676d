import { aes256Key, matching, oneOf } from './parsers.ts';
import { needsSetting, setting, type Need } from './setting.ts';

const recorded: Need = (valueOf) => {
  const mode = valueOf('AUDIT') ?? (valueOf('AUTH_ISSUER') === undefined ? 'unset' : 'on');
  if (mode === 'unset') return 'AUDIT is off unless it is set, since AUTH_ISSUER is not set';
  return mode === 'off' ? 'AUDIT is off' : undefined;
};

const needsFile = needsSetting('AUDIT_FILE');

export const auditSettings = {
  mode: setting(
    'AUDIT',
    oneOf('off', 'on', 'required'),
    undefined,
    [
      'on with authentication, off without',
      '`on`: an event for every search and read; `required`: no data either when it cannot be written',
    ],
    { inForce: (valueOf) => (valueOf('AUTH_ISSUER') === undefined ? 'off' : 'on') },
  ),
  format: setting(
    'AUDIT_FORMAT',
    oneOf('fhir', 'dicom'),
    'fhir',
    ['fhir', '`fhir`: AuditEvent (IHE BALP) as JSON; `dicom`: audit message (PS3.15) as XML'],
    { needs: recorded },
  ),
  file: setting(
    'AUDIT_FILE',
    matching(/./, 'a file'),
    undefined,
    ['none: stdout', 'file to which events are appended, each flushed to disk and chained to the one before'],
    { needs: recorded },
  ),
  chainKey: setting(
    'AUDIT_CHAIN_KEY',
    aes256Key,
    undefined,
    [
      'none',
      'base64 key of 32 bytes for the chain; without it, anyone who can edit the file can also rebuild the chain',
    ],
    { secret: true, needs: (valueOf) => recorded(valueOf) ?? needsFile(valueOf) },
  ),
  valuesKey: setting(
    'AUDIT_VALUES_KEY',
    aes256Key,
    undefined,
    [
      'none: no values',
      'base64 key of 32 bytes; events then hold a keyed hash of each value that was searched for',
    ],
    { secret: true, needs: recorded },
  ),
  source: setting(
    'AUDIT_SOURCE',
    matching(/^[\w.:-]{1,64}$/, 'a name'),
    'healthimaging-graphql',
    ['healthimaging-graphql', 'name of this server in events'],
    { needs: recorded },
  ),
} as const;
