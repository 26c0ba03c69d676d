import '../../errors.test.ts';
import '../../readme.test.ts';
