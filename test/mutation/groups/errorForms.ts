import '../../graphql/badRequest.test.ts';
import '../../graphql/boundedRefusals.test.ts';
import '../../graphql/checkInput.test.ts';
import '../../graphql/formatError.test.ts';
import '../../graphql/inputExpectation.test.ts';
import '../../graphql/noServiceSdlRule.test.ts';
