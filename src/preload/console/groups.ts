import { Group } from './group.ts';
import type { RawPlace } from './messages.ts';

/** Places that are told apart; what is more goes to one group for each type. */
const MOST = 1000;
/** Calls that make a place different from another. */
const KEY_FRAMES = 3;

/** Groups of operations by type and by where they were created: a bounded number of them. */
export class Groups {
  private readonly byKey = new Map<string, Group>();
  private dropped = false;

  /** @param parent the group whose callback creates one just now */
  at(type: string, stack: readonly RawPlace[], parent: Group | undefined): Group {
    // Frames of the program itself, of its packages where there are none
    const app = stack.filter(([, file]) => !file.includes('/node_modules/'));
    const frames = (app.length > 0 ? app : stack).slice(0, KEY_FRAMES);
    let key = type;
    for (const [, file, line, column] of frames) key += `|${file}:${line}:${column}`;
    const group = this.byKey.get(key);
    if (group !== undefined) return group;
    if (this.byKey.size >= MOST) {
      this.dropped = true;
      return this.nowhere(type, 'other places');
    }
    return this.add(key, type, stack, parent);
  }

  /** Of operations whose place nobody knows. */
  nowhere(type: string, why: string): Group {
    const key = `${type}|${why}`;
    return this.byKey.get(key) ?? this.add(key, type, [[`(${why})`, '', 0, 0]], undefined);
  }

  private add(key: string, type: string, stack: readonly RawPlace[], parent: Group | undefined): Group {
    const group = new Group(this.byKey.size + 1, type, stack, parent);
    this.byKey.set(key, group);
    return group;
  }

  [Symbol.iterator](): Iterator<Group> {
    return this.byKey.values();
  }

  notes(): string[] {
    return this.dropped ? [`more than ${MOST} places create operations: the others are summed up by type`] : [];
  }
}
