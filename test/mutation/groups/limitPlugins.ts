import '../../graphql/limits/cost/costPlugin.test.ts';
import '../../graphql/limits/limiting.test.ts';
