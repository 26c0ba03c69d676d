import '../../log/log.test.ts';
import '../../log/serializeError.test.ts';
