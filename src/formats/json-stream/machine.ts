import { FormatError, type Input } from '../format.ts';
import { IntegerReader } from '../json-kernel/integer-reader.ts';
import { type JsonKernel, openJsonKernel } from '../json-kernel/open-json-kernel.ts';
import { EACH, JsonLevel, NUMBERS } from './level.ts';
import type { ElementRun, Shape } from './shape.ts';
import { JsonWindow } from './window.ts';
import { JsonWords } from './words.ts';

/** What may come next. */
const VALUE = 0;
/** A value, or the end of an array that has just begun. */
const FIRST_VALUE = 1;
const KEY = 2;
/** A key, or the end of an object that has just begun. */
const FIRST_KEY = 3;
const COLON = 4;
/** A comma, or the end of the array or object. */
const NEXT = 5;
const NOTHING = 6;

const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const QUOTE = 34;
const COMMA = 44;
const ZERO = 48;
const NINE = 57;
const MINUS = 45;

type ElementBytes = NonNullable<Shape['bytes']>;

/** What a short way has read. */
const NONE = 0;
const SOME = 1;
const WAIT = 2;

/** Levels cost memory; nothing that means something is deeper. */
const DEEPEST = 4_000_000;
/** An element that is longer is not asked for as bytes: it would have to be in memory as a whole. */
const LONGEST_ELEMENT = 1 << 16;

/**
 * Reads JSON as it comes in: bytes go in by {@link room} and {@link take}, values come out as a {@link Shape} asks for
 * them. Open objects and arrays are a list of levels, not calls, so depth costs no stack.
 */
export class JsonMachine {
  private readonly window: JsonWindow;
  private readonly words = new JsonWords();
  private ownKernel: JsonKernel | null | undefined;
  private readonly integerReader = new IntegerReader(() => this.kernel);
  private readonly input: Input;
  private readonly shape: Shape;
  private readonly levels: JsonLevel[] = [];
  /** How many are open. */
  private depth = 0;
  private state = VALUE;
  private root: unknown;
  private started = false;
  /** Bytes without which another try is of no use: a token that grows is not looked at for each of its bytes. */
  private wanted = 1;

  constructor(input: Input, shape: Shape | ((machine: JsonMachine) => Shape)) {
    this.input = input;
    this.shape = typeof shape === 'function' ? shape(this) : shape;
    this.window = new JsonWindow(input);
  }

  room(): Uint8Array {
    return this.window.room();
  }

  /** @throws {FormatError} no JSON, or what those throw that take values */
  take(length: number): void {
    const { window } = this;
    window.end += length;
    if (window.end - window.pos < this.wanted) return;
    this.start(3);
    if (this.started) this.run();
    this.wanted = (window.end - window.pos) * 2 || 1;
  }

  /**
   * No more bytes come.
   * @returns the root
   * @throws {FormatError} the JSON ends too early
   */
  finish(): unknown {
    this.window.last = true;
    this.start(0);
    this.run();
    if (this.state !== NOTHING) throw this.window.cut();
    return this.root;
  }

  /** For what is read in WebAssembly; undefined where there is none. Opened when it is asked for. */
  get kernel(): JsonKernel | undefined {
    if (this.ownKernel === undefined) {
      this.ownKernel = openJsonKernel() ?? null;
      if (this.ownKernel) this.window.continueIn(this.ownKernel.text);
    }
    return this.ownKernel ?? undefined;
  }

  /** How many objects and arrays are open. */
  get open(): number {
    return this.depth;
  }

  /** The root as far as it was read, without the values that are open. */
  partial(): unknown {
    return this.depth === 0 ? this.root : this.levels[0]!.close();
  }

  /** Where the value stands that is read now, or was handed over just now: `$.nodes[3].callFrame`. */
  path(): string {
    let path = '$';
    for (let i = 0; i < this.depth; i++) {
      path += this.levels[i]!.step();
      // A path as deep as the tree would be no message
      if (path.length < 200 || i >= this.depth - 3) continue;
      i = this.depth - 3;
      path += ' ... ';
    }
    return path;
  }

  private start(needed: number): void {
    if (this.started || this.window.end < needed) return;
    this.window.skipMark();
    this.started = true;
  }

  private run(): void {
    const { window } = this;
    for (;;) {
      const byte = window.peek();
      if (byte < 0) return;
      switch (this.state) {
        case NEXT: {
          const top = this.levels[this.depth - 1]!;
          if (byte === COMMA) this.state = top.isArray ? VALUE : KEY;
          else if (byte === (top.isArray ? CLOSE_ARRAY : CLOSE_OBJECT)) this.close();
          else throw window.wrong(window.pos);
          window.pos++;
          break;
        }
        case FIRST_KEY:
          if (byte === CLOSE_OBJECT) {
            window.pos++;
            this.close();
          } else if (!this.key(byte)) return;
          break;
        case KEY:
          if (!this.key(byte)) return;
          break;
        case COLON:
          if (byte !== 58) throw window.wrong(window.pos);
          window.pos++;
          this.state = VALUE;
          break;
        case FIRST_VALUE:
          if (byte === CLOSE_ARRAY) {
            window.pos++;
            this.close();
          } else this.state = VALUE;
          break;
        case VALUE: {
          const done = this.depth > 0 ? this.ahead(this.levels[this.depth - 1]!) : NONE;
          if (done === WAIT || (done === NONE && !this.value(byte))) return;
          break;
        }
        default:
          throw window.wrong(window.pos);
      }
    }
  }

  /** @returns false where the key is not all there yet */
  private key(byte: number): boolean {
    const { window } = this;
    if (byte !== QUOTE) throw window.wrong(window.pos);
    const close = window.stringEnd();
    if (close < 0) return false;
    this.levels[this.depth - 1]!.nextKey(this.text(close));
    window.pos = close + 1;
    this.state = COLON;
    return true;
  }

  /** @returns false where the value is a token that is not all there yet */
  private value(byte: number): boolean {
    const { window } = this;
    switch (byte) {
      case QUOTE: {
        const close = window.stringEnd();
        if (close < 0) return false;
        const text = this.child() === undefined ? '' : this.text(close);
        window.pos = close + 1;
        this.add(text);
        return true;
      }
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        this.openLevel(byte === OPEN_ARRAY);
        window.pos++;
        return true;
      case 116:
        return window.word('true') && this.add(true);
      case 102:
        return window.word('false') && this.add(false);
      case 110:
        return window.word('null') && this.add(null);
      default: {
        if (byte !== MINUS && (byte < ZERO || byte > NINE)) throw window.wrong(window.pos);
        const value = window.number();
        return !Number.isNaN(value) && this.add(value);
      }
    }
  }

  private text(close: number): string {
    const { window } = this;
    return window.plain ? this.words.text(window.bytes, window.pos + 1, close) : window.text(close);
  }

  /** How the value that comes next is read. */
  private child(): Shape | undefined {
    return this.depth === 0 ? this.shape : this.levels[this.depth - 1]!.child;
  }

  private add(value: unknown): true {
    if (this.depth === 0) {
      this.root = value;
      this.state = NOTHING;
    } else {
      this.state = NEXT;
      this.levels[this.depth - 1]!.add(value);
    }
    return true;
  }

  private openLevel(isArray: boolean): void {
    const shape = this.child();
    if (this.depth === DEEPEST) throw new FormatError(this.input, '', `this JSON is nested more than ${DEEPEST} deep`);
    if (this.depth === this.levels.length) this.levels.push(new JsonLevel());
    // `opened` asks for the path of what opens
    this.levels[this.depth]!.open(isArray, shape);
    this.depth++;
    this.state = isArray ? FIRST_VALUE : FIRST_KEY;
  }

  private close(): void {
    this.depth--;
    this.add(this.levels[this.depth]!.close());
  }

  /** Tries the short ways of reading elements of the list at hand. */
  private ahead(top: JsonLevel): typeof NONE | typeof SOME | typeof WAIT {
    if (top.mode === NUMBERS) return this.integers(top);
    if (top.mode !== EACH) return NONE;
    const { run, bytes } = top.shape!;
    if (run !== undefined && this.stretch(top, run) === SOME) return SOME;
    return bytes === undefined ? NONE : this.elements(top, bytes, !run?.goesOn);
  }

  /** @param all as many as there are, else one */
  private elements(top: JsonLevel, take: ElementBytes, all: boolean): typeof NONE | typeof SOME | typeof WAIT {
    const { window } = this;
    const { bytes, end } = window;
    for (let found: typeof NONE | typeof SOME = NONE; ; found = SOME) {
      const start = window.pos;
      const behind = start < end ? take(bytes, start, end) : 0;
      if (behind === 0) return found;
      if (behind < 0) return window.last || end - start > LONGEST_ELEMENT ? found : WAIT;
      top.index++;
      window.pos = behind;
      if (behind === end || bytes[behind] !== COMMA) {
        this.state = NEXT;
        return SOME;
      }
      window.pos++;
      if (!all) return SOME;
    }
  }

  private stretch(top: JsonLevel, run: ElementRun): typeof NONE | typeof SOME {
    const { window } = this;
    const count = run.take(window.bytes, window.pos, window.end);
    if (count === 0) return NONE;
    top.index += count;
    if (window.bytes[run.behind - 1] !== COMMA) this.state = NEXT;
    if (run.overLines) window.skipTo(run.behind);
    else window.pos = run.behind;
    return SOME;
  }

  private integers(top: JsonLevel): typeof NONE | typeof SOME {
    const total = this.integerReader.read(this.window, top.numbers!);
    top.index += total;
    return total > 0 ? SOME : NONE;
  }
}
