const challenge = 'Bearer realm="healthimaging-graphql"';

/** `WWW-Authenticate` of a refusal (RFC 6750, section 3), which says no more of a token than that it is not valid. */
export const bearerChallenge = {
  /** No token was sent, and so no error is named. */
  missing: challenge,
  invalid: `${challenge}, error="invalid_token", error_description="The access token is not valid for this graph"`,
  insufficientScope: `${challenge}, error="insufficient_scope", scope="user/ImagingStudy.rs"`,
} as const;
