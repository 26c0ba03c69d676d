import '../../log.test.ts';
import '../../errorInLog.test.ts';
