import '../../search/cursor.test.ts';
import '../../search/cursorParts.test.ts';
import '../../search/confine.test.ts';
