/** What a principal may do, and where. */
export interface Grant {
  /** May search: SMART's `s` on ImagingStudy. */
  readonly search: boolean;
  /** May read by identifier: SMART's `r` on ImagingStudy. */
  readonly read: boolean;
  /** Patient ID (0010,0020) of the launch, to which everything is confined; undefined: not confined. */
  readonly patientId: string | undefined;
  /** Data stores that may be used, of the configured ones and in their order. */
  readonly datastoreIds: readonly string[];
}

/** Who makes a request, and with what rights. */
export interface Principal {
  /** Unique to one subject of one issuer; empty without authentication. Cursors are bound to it. */
  readonly id: string;
  /** Empty where there are no tenants. Cursors are bound to it. */
  readonly tenant: string;
  /** `iss`, `sub` and `client_id` of the access token, for audit events; undefined without authentication. */
  readonly issuer: string | undefined;
  readonly subject: string | undefined;
  readonly clientId: string | undefined;
  readonly grant: Grant;
}

/** The principal of every request where no authentication is configured. */
export function anonymousPrincipal(datastoreIds: readonly string[]): Principal {
  return {
    id: '',
    tenant: '',
    issuer: undefined,
    subject: undefined,
    clientId: undefined,
    grant: { search: true, read: true, patientId: undefined, datastoreIds },
  };
}
