import '../../graphql/limits/cost/actualCost.test.ts';
import '../../graphql/limits/cost/costPlan.test.ts';
import '../../graphql/limits/cost/costWeights.test.ts';
import '../../graphql/limits/operationExcess.test.ts';
