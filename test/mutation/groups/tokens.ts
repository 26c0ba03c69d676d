import '../../auth/authorize.test.ts';
import '../../auth/claimFault.test.ts';
import '../../auth/principal.test.ts';
import '../../auth/repeatedMembers.test.ts';
import '../../auth/smartScopes.test.ts';
import '../../auth/tokenForm.test.ts';
