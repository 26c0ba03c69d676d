import '../../graphql/errors/requestMessages.test.ts';
import '../../graphql/errors/boundErrorsPlugin.test.ts';
import '../../graphql/errors/input/checkVariables.test.ts';
import '../../graphql/errors/formatError.test.ts';
import '../../graphql/errors/input/inputExpectation.test.ts';
import '../../graphql/errors/noServiceSdlRule.test.ts';
