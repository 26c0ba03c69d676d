import type { Environment } from '../../../src/config/config.ts';
import { startImportRun, takeInstances } from '../../../src/local/import/takeInstances.ts';
import { startAuthorizedGateway, type AuthorizedGateway } from './authorizedGateway.ts';
import type { TestGatewayOptions } from './testGateway.ts';
import { syntheticInstance, withLocal, type Local } from './withLocal.ts';

export const launchPatient = 'CANARY-LAUNCH-1';
export const otherPatient = 'CANARY-OTHER-2';
/** Configured, and granted to nobody here. */
export const otherDatastore = 'e'.repeat(32);
export const chainKey = Buffer.alloc(32, 1);
export const valuesKey = Buffer.alloc(32, 2);
export const staff = { scope: 'user/ImagingStudy.rs', sub: 'dr-who', client_id: 'viewer' };
export const confined = { scope: 'patient/ImagingStudy.rs', patient: launchPatient, sub: 'nurse' };

/** Two image sets of one patient, one of another, with tags that are in no event. */
export async function withAuditedImageSets(): Promise<Local> {
  const local = await withLocal();
  const instances = [launchPatient, launchPatient, otherPatient].map((DICOMPatientId, index) => {
    const uids = { study: `2.25.${index}`, series: `2.25.${index}.1`, instance: `2.25.${index}.1.1` };
    const tags = {
      DICOMPatientId,
      DICOMPatientName: `CANARY-NAME^${index}`,
      DICOMAccessionNumber: `CANARY-ACC-${index}`,
      DICOMPatientBirthDate: '19010203',
    };
    return syntheticInstance(uids, { tags });
  });
  takeInstances(local.store, startImportRun(), instances, Date.UTC(2026, 10, 1));
  return local;
}

export interface AuditedGateway extends AuthorizedGateway {
  /** The header of a token that is good for the local data store. */
  readonly as: (claims: object) => { readonly authorization: string };
}

/** A real gateway with authentication, whose events go to a file. */
export async function startAuditedGateway(
  local: Local,
  file: string,
  environment: Environment = {},
  options: Pick<TestGatewayOptions, 'projection'> = {},
): Promise<AuditedGateway> {
  const gateway = await startAuthorizedGateway({
    ...options,
    endpoint: local.url,
    datastoreIds: [local.datastoreId, otherDatastore],
    environment: {
      PAGE_CACHE_BYTES: '0',
      // As where nobody has set it: on, since there is authentication.
      AUDIT: '',
      AUTH_DATASTORES_CLAIM: 'stores',
      AUTH_TENANT_CLAIM: 'tenant',
      AUDIT_FILE: file,
      AUDIT_CHAIN_KEY: chainKey.toString('base64'),
      AUDIT_VALUES_KEY: valuesKey.toString('base64'),
      ...environment,
    },
  });
  const as = (claims: object) => gateway.bearer({ stores: [local.datastoreId], tenant: 'north', ...claims });
  return { ...gateway, as };
}
