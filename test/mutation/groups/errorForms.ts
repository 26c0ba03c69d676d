import '../../graphql/errors/requestMessages.test.ts';
import '../../graphql/errors/boundErrorsPlugin.test.ts';
import '../../graphql/errors/checkVariables.test.ts';
import '../../graphql/errors/formatError.test.ts';
import '../../graphql/errors/inputExpectation.test.ts';
import '../../graphql/errors/noServiceSdlRule.test.ts';
