import '../../graphql/limits/costPlugin.test.ts';
import '../../graphql/limits/limiting.test.ts';
