import { finishEdits } from '../../edits/pendingEdits.ts';
import type { Store } from '../../store/store.ts';
import type { Deps } from '../route.ts';

/** Does what is pending after the answer has been sent, so that an image set is seen locked, and not for long. */
export function finishSoon({ now, log }: Pick<Deps, 'now' | 'log'>, store: Store): void {
  setImmediate(() => {
    // What is left is done at the next start.
    if (!store.isOpen) return;
    try {
      finishEdits(store, now());
    } catch (error) {
      log.error({ error }, 'an edit of an image set was not finished');
    }
  });
}
