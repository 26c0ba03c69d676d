/** What a principal may do, and where. */
export interface Grant {
  /** Searches: SMART's `s` on ImagingStudy. */
  readonly search: boolean;
  /** Reads by identifier: SMART's `r` on ImagingStudy. */
  readonly read: boolean;
  /** Patient ID (0010,0020) of the launch that everything is confined to; undefined: no such confinement. */
  readonly patientId: string | undefined;
  /** Those that may be asked for, of the configured ones and in their order. */
  readonly datastoreIds: readonly string[];
}

/** Who asks, and with what right. */
export interface Principal {
  /** The same for one subject of one issuer, and for no other; empty without authentication. Cursors are bound to it. */
  readonly id: string;
  /** Empty where there are no tenants. Cursors are bound to it. */
  readonly tenant: string;
  /** `iss`, `sub` and `client_id` of the token, for audit events; undefined without authentication. */
  readonly issuer: string | undefined;
  readonly subject: string | undefined;
  readonly clientId: string | undefined;
  readonly grant: Grant;
}

/** Everybody, where no authentication is configured. */
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
