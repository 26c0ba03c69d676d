import '../../auth/authorize.test.ts';
import '../../auth/claimFault.test.ts';
import '../../auth/jwtForm.test.ts';
import '../../auth/principal.test.ts';
import '../../auth/smartScopes.test.ts';
