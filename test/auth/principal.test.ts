import { expect, test } from '@jest/globals';

import { anonymousPrincipal } from '../../src/auth/principal.ts';

test('without authentication, the principal is anonymous and may do everything', () => {
  expect(anonymousPrincipal(['a', 'b'])).toEqual({
    id: '',
    tenant: '',
    issuer: undefined,
    subject: undefined,
    clientId: undefined,
    grant: { search: true, read: true, patientId: undefined, datastoreIds: ['a', 'b'] },
  });
});
