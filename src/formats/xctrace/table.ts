import { ProfileBuilder } from '../../profile/builder.ts';
import { nativeKind } from '../../profile/kind.ts';
import type { Kind, Profile, Thread } from '../../profile/profile.ts';
import { totalWeight } from '../../profile/total.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { readableRustName } from '../frames/rust-names.ts';
import { ownCopy } from '../text/own-copy.ts';
import type { XmlHandler } from '../text/xml-reader.ts';
import { NumbersById } from './numbers-by-id.ts';

interface Binary {
  readonly name: string;
  readonly path: string;
}

interface Process {
  readonly name: string;
  readonly pid: number;
}

/** The element that is read now; its numbers and texts stand in elements of their own below it. */
interface OpenElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  text: string;
}

/** Elements that hold a number or a text of a row; the text of all others says nothing that we keep. */
const VALUES: ReadonlySet<string> = new Set(['sample-time', 'weight', 'cycle-weight', 'tid', 'pid', 'path']);
/** Longer texts are no numbers and no paths. */
const LONGEST_TEXT = 65_536;

/**
 * Takes the elements of an xctrace export and makes samples of its rows. An element with an `id` says what it is, one
 * with a `ref` is the one that had this `id`; ids are unique in a document.
 */
export class XctraceTable implements XmlHandler {
  /** The name of the outermost element. */
  root = '';
  rows = 0;
  backtraces = 0;
  private readonly input: Input;
  private readonly builder = new ProfileBuilder([
    { type: 'samples', unit: 'count' },
    { type: 'cycles', unit: 'count' },
    { type: 'time', unit: 'nanoseconds' },
  ]);
  private readonly stack: OpenElement[] = [];
  private readonly stacksById = new Map<number, number>();
  private readonly framesById = new Map<number, number>();
  private readonly binariesById = new Map<number, Binary>();
  private readonly pathsById = new Map<number, string>();
  private readonly processesById = new Map<number, Process>();
  private readonly threadsById = new Map<number, number>();
  private readonly statesById = new Map<number, string>();
  private readonly numbersById = new NumbersById();
  private readonly taggedById = new Map<number, number>();
  private row = emptyRow();
  private frames: number[] = [];
  private binary: Binary = NO_BINARY;
  private path = '';
  private tid = -1;
  private pid = -1;
  private process: Process = NO_PROCESS;
  private unweighted = 0;
  private waiting = 0;
  private withoutStack = 0;
  private sourceLines = false;

  constructor(input: Input) {
    this.input = input;
  }

  open(name: string, attributes: ReadonlyMap<string, string>): void {
    if (this.stack.length === 0) this.root = name;
    if (name === 'row') this.row = emptyRow();
    else if (name === 'backtrace') this.frames = [];
    else if (name === 'frame') {
      this.binary = NO_BINARY;
      this.path = '';
    } else if (name === 'thread') {
      this.tid = -1;
      this.process = NO_PROCESS;
    } else if (name === 'process') this.pid = -1;
    else if (name === 'source' && attributes.has('line')) this.sourceLines = true;
    this.stack.push({ name, attributes, text: '' });
  }

  text(text: string): void {
    const element = this.stack.at(-1)!;
    if (!VALUES.has(element.name)) return;
    element.text += text;
    if (element.text.length > LONGEST_TEXT)
      throw this.broken(element, `its text is longer than ${LONGEST_TEXT} characters`);
  }

  close(): void {
    const element = this.stack.pop()!;
    switch (element.name) {
      case 'row':
        this.sample();
        break;
      case 'sample-time':
        this.row.time = this.number(element);
        break;
      case 'weight':
        this.row.weight = this.number(element);
        break;
      case 'cycle-weight':
        this.row.cycles = this.number(element);
        break;
      case 'thread-state':
        this.row.state = this.known(element, this.statesById, () => attributeOf(element, 'fmt'));
        break;
      case 'thread':
        this.row.thread = this.known(element, this.threadsById, () => this.builder.thread(this.thread(element)));
        break;
      case 'process':
        this.process = this.known(element, this.processesById, () => processOf(element, this.pid));
        break;
      case 'pid':
        this.pid = this.number(element);
        break;
      case 'tid':
        this.tid = this.number(element);
        break;
      case 'backtrace':
        this.row.stack = this.known(element, this.stacksById, () => this.leaf());
        break;
      case 'tagged-backtrace':
        this.row.stack = this.known(element, this.taggedById, () => this.row.stack);
        break;
      case 'frame':
        this.frames.push(this.known(element, this.framesById, () => this.frame(element)));
        break;
      case 'binary':
        this.binary = this.known(element, this.binariesById, () => binaryOf(element));
        break;
      case 'path':
        this.path = this.known(element, this.pathsById, () => ownCopy(element.text.trim()));
        break;
    }
  }

  profile(notes: Notes): Profile {
    if (this.unweighted > 0) notes.add(`samples without a weight: ${this.unweighted}`);
    if (this.withoutStack > 0) notes.add(`samples without a backtrace: ${this.withoutStack}`);
    if (this.waiting > 0) notes.add(`samples of threads that were not running: ${this.waiting}`);
    if (this.sourceLines) notes.add('frames are functions: the lines of calls within them are left out');
    const all = this.builder.build({ tool: 'xctrace', notes: notes.list });
    // A table has cycles or time, hardly ever both
    const columns = all.valueTypes.map((_type, i) => i).filter((i) => i === 0 || totalWeight(all, i) > 0);
    return {
      ...all,
      valueTypes: columns.map((i) => all.valueTypes[i]!),
      samples: { ...all.samples, values: columns.map((i) => all.samples.values[i]!) },
    };
  }

  private sample(): void {
    const { stack, weight, cycles, time, thread, state } = this.row;
    this.rows++;
    if (stack === undefined) this.withoutStack++;
    else this.backtraces++;
    if (weight === undefined && cycles === undefined) this.unweighted++;
    if (state !== undefined && state !== 'Running') this.waiting++;
    this.builder.sample(stack ?? -1, [1, cycles ?? 0, weight ?? 0], time, thread);
  }

  /** The stack of the frames that were read, leaf first. */
  private leaf(): number {
    let stack = -1;
    for (let i = this.frames.length - 1; i >= 0; i--) stack = this.builder.stack(stack, this.frames[i]!);
    return stack;
  }

  private frame(element: OpenElement): number {
    const name = readableRustName(attributeOf(element, 'name'));
    const { binary, path } = this;
    const module = binary.path === '' ? binary.name : binary.path;
    return this.builder.frame({ name, module, file: path, kind: kindOf(name, binary, path) });
  }

  private thread(element: OpenElement): Thread {
    const { tid, process } = this;
    const words = attributeOf(element, 'fmt');
    const end = words.search(/\s+0x[0-9a-f]+ \(/);
    return { pid: process.pid, tid, process: process.name, name: end < 0 ? words : ownCopy(words.slice(0, end)) };
  }

  /** The value of an element that says it, remembered by its id, or of the element that it refers to. */
  private known<Value>(element: OpenElement, table: Map<number, Value>, value: () => Value): Value {
    const ref = this.id(element, 'ref');
    if (ref === undefined) {
      const id = this.id(element, 'id');
      const made = value();
      if (id === undefined) return made;
      if (table.has(id)) throw this.broken(element, `the id ${id} is there already`);
      table.set(id, made);
      return made;
    }
    const found = table.get(ref);
    if (found === undefined) throw this.broken(element, `there is no ${element.name} with the id ${ref} before it`);
    return found;
  }

  private number(element: OpenElement): number {
    const ref = this.id(element, 'ref');
    if (ref !== undefined) {
      const found = this.numbersById.get(ref);
      if (found === undefined) throw this.broken(element, `there is no ${element.name} with the id ${ref} before it`);
      return found;
    }
    const text = element.text.trim();
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(value))
      throw this.broken(element, `expected a whole number, found ${JSON.stringify(text.slice(0, 40))}`);
    const id = this.id(element, 'id');
    if (id !== undefined) this.numbersById.set(id, value);
    return value;
  }

  private id(element: OpenElement, name: 'id' | 'ref'): number | undefined {
    const text = element.attributes.get(name);
    if (text === undefined) return undefined;
    if (!/^\d{1,15}$/.test(text))
      throw this.broken(element, `${name} is no number: ${JSON.stringify(text.slice(0, 40))}`);
    return Number(text);
  }

  private broken(element: OpenElement, what: string): FormatError {
    return new FormatError(this.input, `row ${this.rows + 1}, <${element.name.slice(0, 40)}>`, what);
  }
}

const NO_BINARY: Binary = { name: '', path: '' };
const NO_PROCESS: Process = { name: '', pid: -1 };

interface Row {
  time: number | undefined;
  weight: number | undefined;
  cycles: number | undefined;
  thread: number | undefined;
  stack: number | undefined;
  state: string | undefined;
}

function emptyRow(): Row {
  return {
    time: undefined,
    weight: undefined,
    cycles: undefined,
    thread: undefined,
    stack: undefined,
    state: undefined,
  };
}

function attributeOf(element: OpenElement, name: string): string {
  return ownCopy(element.attributes.get(name) ?? '');
}

function binaryOf(element: OpenElement): Binary {
  return { name: attributeOf(element, 'name'), path: attributeOf(element, 'path') };
}

/** `fmt="rust_test2 (49374)"`. */
function processOf(element: OpenElement, pid: number): Process {
  return { name: ownCopy(attributeOf(element, 'fmt').replace(/ \(\d+\)$/, '')), pid };
}

/** macOS's own libraries and kernel, and what came with a compiler; other programs are the person's. */
function kindOf(name: string, { name: binary, path }: Binary, source: string): Kind {
  if (/^(?:kernel|mach_kernel)(?:\.|$)/.test(binary)) return 'kernel';
  if (/^\/System\/Library\/(?:Kernels|Extensions)\//.test(path)) return 'kernel';
  if (/^\/System\//.test(path) || /\.dylib$/.test(path || binary) || source.startsWith('/rustc/')) return 'native';
  return nativeKind(/^0x[0-9a-f]+$/.test(name) ? '' : name, path || binary);
}
