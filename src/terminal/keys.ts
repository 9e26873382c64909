import { StringDecoder } from 'node:string_decoder';

/** A key by its name, or the character that it types. */
export type Key =
  | { readonly name: NamedKey }
  /** One character as a person sees it. */
  | { readonly name: 'character'; readonly text: string };

type NamedKey =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'home'
  | 'end'
  | 'page-up'
  | 'page-down'
  | 'enter'
  | 'escape'
  | 'tab'
  | 'back-tab'
  | 'backspace'
  | 'interrupt'
  | 'suspend'
  | 'redraw';

/** What follows ESC: of xterm and what behaves as it, of the Linux console and of rxvt (Home and End). */
const SEQUENCES: ReadonlyMap<string, NamedKey> = new Map([
  ['[A', 'up'],
  ['[B', 'down'],
  ['[C', 'right'],
  ['[D', 'left'],
  ['OA', 'up'],
  ['OB', 'down'],
  ['OC', 'right'],
  ['OD', 'left'],
  ['[H', 'home'],
  ['[F', 'end'],
  ['OH', 'home'],
  ['OF', 'end'],
  ['[1~', 'home'],
  ['[7~', 'home'],
  ['[4~', 'end'],
  ['[8~', 'end'],
  ['[5~', 'page-up'],
  ['[6~', 'page-down'],
  ['[Z', 'back-tab'],
  ['OM', 'enter'],
]);

const CONTROLS: ReadonlyMap<string, NamedKey> = new Map([
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\t', 'tab'],
  ['\u007f', 'backspace'],
  ['\b', 'backspace'],
  ['\u0003', 'interrupt'],
  ['\u0004', 'interrupt'],
  ['\u001a', 'suspend'],
  ['\u000c', 'redraw'],
  ['\u0002', 'page-up'],
  ['\u0006', 'page-down'],
]);

/** ECMA-48: parameters, intermediates, one final byte. */
const CONTROL_SEQUENCE = /^\[[0-?]*[ -/]*[@-~]/;
const UNFINISHED = /^(?:\[[0-?]*[ -/]*|O)?$/;
/** After so many characters it is none. */
const LONGEST = 32;

/**
 * Makes keys of what a terminal in raw mode sends, cut anywhere. A lone ESC and the start of a sequence look the same:
 * whoever reads calls {@link KeyReader.flush} when nothing has followed for a moment.
 */
export class KeyReader {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';

  /** Whether a sequence has begun and not ended. */
  get isWaiting(): boolean {
    return this.rest !== '';
  }

  push(bytes: Uint8Array): Key[] {
    this.rest += this.decoder.write(Buffer.from(bytes));
    return this.take(false);
  }

  /** What has begun will not go on: ESC was the key itself. */
  flush(): Key[] {
    return this.take(true);
  }

  private take(all: boolean): Key[] {
    const keys: Key[] = [];
    while (this.rest !== '') {
      const first = this.rest[0]!;
      if (first !== '\u001b') {
        const character = String.fromCodePoint(this.rest.codePointAt(0)!);
        this.rest = this.rest.slice(character.length);
        const control = CONTROLS.get(character);
        if (control !== undefined) keys.push({ name: control });
        else if (!/\p{Control}/u.test(character)) keys.push({ name: 'character', text: character });
        continue;
      }
      const after = this.rest.slice(1);
      if (!all && after.length < LONGEST && UNFINISHED.test(after)) break;
      const sequence = after.startsWith('O') ? after.slice(0, 2) : CONTROL_SEQUENCE.exec(after)?.[0];
      if (sequence === undefined || sequence.length < 2) {
        keys.push({ name: 'escape' });
        this.rest = after;
        continue;
      }
      const name = SEQUENCES.get(sequence);
      if (name !== undefined) keys.push({ name });
      this.rest = after.slice(sequence.length);
    }
    return keys;
  }
}
