import '../../search/cursor/cursor.test.ts';
import '../../search/cursor/cursorParts.test.ts';
import '../../search/filter/confineToPatient.test.ts';
