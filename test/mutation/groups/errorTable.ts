import '../../errors.test.ts';
import '../../docs/tables.test.ts';
