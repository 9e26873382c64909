import { FormatError, type Input, type Notes } from '../format.ts';
import { ownCopy } from '../text/own-copy.ts';
import { SkippedLines } from '../text/skipped-lines.ts';
import { type CallGraph, CallGraphBuilder } from './call-graph.ts';

/** A function of a callgrind file. The same name in another file, object or thread is another function. */
export interface CallgrindFunction {
  readonly name: string;
  readonly file: string;
  readonly object: string;
  /** -1 = unknown. */
  readonly pid: number;
  /** callgrind's own number; -1 where the file does not tell threads apart. */
  readonly thread: number;
}

export interface CallgrindFile {
  readonly graph: CallGraph;
  /** By function of the graph. */
  readonly functions: readonly CallgrindFunction[];
  readonly events: readonly string[];
  readonly creator: string;
  readonly command: string;
}

/** `fn=(12) main` defines a name, `fn=(12)` uses it. Functions, files and objects are numbered apart. */
const spaces: ReadonlyMap<string, 'function' | 'file' | 'object'> = new Map([
  ...['fn', 'cfn', 'jfn', 'frfn'].map((key): [string, 'function'] => [key, 'function']),
  ...['fl', 'fi', 'fe', 'cfl', 'cfi', 'jfi'].map((key): [string, 'file'] => [key, 'file']),
  ...['ob', 'cob'].map((key): [string, 'object'] => [key, 'object']),
]);
const assignment = /^(fn|fl|fi|fe|ob|cfn|cfl|cfi|cob|jfn|jfi|frfn|calls|rcalls|jump|jcnd)=(.*)$/;
const header = /^([a-z]+):(.*)$/;
/** Absolute, hexadecimal for addresses; relative to the line before; the same as there. */
const number = /^(?:[+-]?(?:\d+|0x[0-9a-fA-F]+)|\*)$/;

/** Reads callgrind's lines one by one into a call graph. */
export class CallgrindReader {
  private readonly input: Input;
  private readonly skipped: SkippedLines;
  private readonly names = {
    function: new Map<string, string>(),
    file: new Map<string, string>(),
    object: new Map<string, string>(),
  };
  private readonly functions: CallgrindFunction[] = [];
  private readonly functionIndex = new Map<string, number>();
  private graph: CallGraphBuilder | undefined;
  private events: readonly string[] = [];
  private positions = 1;
  /** Costs of the line before, by event. */
  private costs = new Float64Array(0);
  private total = 0;
  private declaredTotal = 0;
  private lineNumber = 0;
  private creator = '';
  private command = '';
  private pid = -1;
  private thread = -1;
  private object = '';
  private functionFile = '';
  /** The file of the lines now: another one than the function's where code was inlined. */
  private file = '';
  private current = -1;
  private called: { name?: string; file?: string; object?: string; calls?: number } = {};

  constructor(input: Input) {
    this.input = input;
    this.skipped = new SkippedLines(input.name);
  }

  /** @throws {FormatError} a number that is none, a name that was never defined, costs without events or function */
  line(text: string): void {
    this.lineNumber++;
    const first = text.charCodeAt(0);
    if (text === '' || first === 35 || text.trim() === '') return;
    if (isCostStart(first)) {
      this.costLine(text.trim().split(/\s+/));
      return;
    }
    const [, key, value] = assignment.exec(text) ?? [];
    if (key !== undefined) {
      this.assign(key, value!.trim());
      return;
    }
    const [, name, rest] = header.exec(text) ?? [];
    if (name === undefined) this.skipped.add(this.lineNumber, text);
    else this.header(name, rest!.trim());
  }

  /** @throws {FormatError} there were no events */
  end(notes: Notes): CallgrindFile {
    if (!this.graph) throw new FormatError(this.input, '', 'there is no `events:` line', 'the file was cut');
    if (this.declaredTotal > 0 && this.declaredTotal !== this.total && this.creator.startsWith('callgrind')) {
      notes.add(
        `${this.input.name}: ${this.events[0]} of all functions: ${this.total}, by the file's summary ` +
          `${this.declaredTotal}: a part is missing`,
      );
    }
    this.skipped.note(notes);
    const { functions, events, creator, command } = this;
    return { graph: this.graph.build(), functions, events, creator, command };
  }

  private header(key: string, value: string): void {
    if (key === 'events') this.setEvents(value.split(/\s+/).filter((event) => event !== ''));
    else if (key === 'positions') this.positions = value.split(/\s+/).filter((position) => position !== '').length;
    else if (key === 'creator') this.creator = ownCopy(value);
    else if (key === 'cmd') this.command = ownCopy(value);
    else if (key === 'pid') this.pid = small(value);
    else if (key === 'thread') this.thread = small(value);
    else if (key === 'summary') this.declaredTotal += Number(/^\d{1,15}\b/.exec(value)?.[0] ?? 0);
    // A new part starts: what stood before is over
    if (key === 'part' || key === 'thread' || key === 'events') this.current = -1;
  }

  private setEvents(events: readonly string[]): void {
    if (events.length === 0) throw this.error('`events:` names no event');
    if (this.graph && events.join(' ') !== this.events.join(' ')) {
      throw this.error('the parts of this file count different events', 'read them one by one');
    }
    if (this.graph) return;
    this.events = events.map(ownCopy);
    this.graph = new CallGraphBuilder(events.length);
    this.costs = new Float64Array(events.length);
  }

  private assign(key: string, value: string): void {
    const space = spaces.get(key);
    if (space === undefined) {
      if (key === 'calls') this.called.calls = this.callCount(value);
      return;
    }
    const name = this.name(space, value);
    if (key === 'fn') {
      this.file = this.functionFile;
      this.current = this.functionAt(name, this.file, this.object);
      this.called = {};
    } else if (key === 'fl') {
      this.functionFile = name;
      this.file = name;
    } else if (key === 'fi' || key === 'fe') this.file = name;
    else if (key === 'ob') this.object = name;
    else if (key === 'cfn') this.called.name = name;
    else if (key === 'cob') this.called.object = name;
    // `cfl=` with nothing says as little as no such line
    else if ((key === 'cfl' || key === 'cfi') && name !== '') this.called.file = name;
  }

  private name(space: 'function' | 'file' | 'object', value: string): string {
    const names = this.names[space];
    const [, id, defined] = /^\((\d+)\)(?:\s+(.+))?$/.exec(value) ?? [];
    if (id === undefined) return ownCopy(value);
    if (defined !== undefined) {
      const name = ownCopy(defined);
      names.set(ownCopy(id), name);
      return name;
    }
    const known = names.get(id);
    if (known === undefined) throw this.error(`(${id.slice(0, 20)}) is the name of no ${space} so far`);
    return known;
  }

  private callCount(value: string): number {
    const calls = /^\d{1,15}(?!\S)/.exec(value)?.[0];
    if (calls === undefined) throw this.error(`\`calls=${value.slice(0, 40)}\` does not say how many`);
    return Number(calls);
  }

  private functionAt(name: string, file: string, object: string): number {
    const { pid, thread } = this;
    const key = JSON.stringify([name, file, object, thread < 0 ? -1 : pid, thread]);
    let index = this.functionIndex.get(key);
    if (index === undefined) {
      if (!this.graph) throw this.error('a function stands before the `events:` line');
      index = this.graph.function();
      this.functions.push({ name, file, object, pid, thread });
      this.functionIndex.set(key, index);
    }
    return index;
  }

  /** Positions, then costs: of the function itself, or behind `calls=` of the call and all below it. */
  private costLine(words: readonly string[]): void {
    if (!this.graph) throw this.error('costs stand before the `events:` line');
    if (this.current < 0) throw this.error('costs stand before the first `fn=` line');
    if (words.length > this.positions + this.events.length) {
      throw this.error(`${words.length - this.positions} costs, but the file counts ${this.events.length} events`);
    }
    for (const word of words) if (!number.test(word)) throw this.error(`'${word.slice(0, 40)}' is no number`);
    for (let event = 0; event < this.events.length; event++) {
      this.costs[event] = this.cost(words[this.positions + event], this.costs[event]!);
    }
    const { name, calls } = this.called;
    if (calls === undefined) {
      this.graph.addSelf(this.current, this.costs);
      this.total += this.costs[0]!;
      return;
    }
    if (name === undefined) throw this.error('`calls=` without a `cfn=` line before it');
    const callee = this.functionAt(name, this.called.file ?? this.file, this.called.object ?? this.object);
    this.graph.addCalls(this.current, callee, calls, this.costs);
    this.called = {};
  }

  /** Costs left out at the end of a line are 0. */
  private cost(word: string | undefined, before: number): number {
    if (word === undefined) return 0;
    const sign = word.charCodeAt(0);
    const cost = sign === 42 ? before : sign === 43 || sign === 45 ? before + signed(word) : Number(word);
    if (cost >= 0 && cost <= Number.MAX_SAFE_INTEGER) return cost;
    throw this.error(`the cost ${word.slice(0, 40)} is ${cost < 0 ? 'negative' : 'above 2^53'}`);
  }

  private error(what: string, hint?: string): FormatError {
    return new FormatError(this.input, `line ${this.lineNumber}`, what, hint);
  }
}

function isCostStart(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 42;
}

function signed(word: string): number {
  return (word.charCodeAt(0) === 45 ? -1 : 1) * Number(word.slice(1));
}

/** -1 where it is no number. */
function small(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : -1;
}
