import '../../graphql/limits/actualCost.test.ts';
import '../../graphql/limits/costPlan.test.ts';
import '../../graphql/limits/costWeights.test.ts';
import '../../graphql/limits/operationExcess.test.ts';
