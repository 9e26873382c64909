import { FormatError, type Input } from '../format.ts';
import { readWholeLines } from '../text/whole-lines.ts';

/** What a massif file says of the recording. Texts hold bytes as characters (latin1), so that they can be given back as they were. */
export interface MassifHeader {
  /** The text of all `desc:` lines, each with its line end. */
  description: string;
  command: string | undefined;
  timeUnit: string | undefined;
}

export interface MassifSnapshot {
  readonly number: number;
  readonly time: number;
  /** As the file has it. */
  readonly timeText: string;
  readonly heap: number;
  readonly extra: number;
  readonly stacks: number;
  readonly tree: 'empty' | 'detailed' | 'peak';
}

/** A line of a heap tree. One object that is filled again for each. */
export interface MassifNode {
  /** 0 = the allocation functions, 1 = who called them, and so on towards `main`. */
  depth: number;
  children: number;
  size: number;
  /** What follows the size, its blank included: bytes `from` to `to` of `text`. */
  text: Buffer;
  from: number;
  to: number;
}

export interface MassifVisitor {
  /** @param header as far as it has been read */
  snapshot(snapshot: MassifSnapshot, header: MassifHeader): void;
  /** Nodes of the snapshot that came last, callees first: children follow their parent. */
  node(node: MassifNode): void;
  treeEnd(): void;
  /** Waited for after each piece of the input. */
  breathe?(): Promise<void>;
}

/** The lines of a snapshot, in their order. */
const FIELDS = ['snapshot', 'time', 'mem_heap_B', 'mem_heap_extra_B', 'mem_stacks_B', 'heap_tree'] as const;
const TREE = FIELDS.length;
const LONGEST_LINE = 64 << 20;
const CUT_OFF = 'it was cut off: record it again';

/**
 * Reads output of valgrind's massif, line by line and without keeping any: the grammar is that of massif/ms_main.c and
 * coregrind/m_xtree.c. Header lines may stand behind the snapshots, as heaptrack_print writes them. The shape of a tree
 * is told by the numbers of children, as for ms_print, not by indentation.
 * @throws {FormatError} with the line: it is no massif file, or is cut off
 */
export async function scanMassif(input: Input, visitor: MassifVisitor): Promise<MassifHeader> {
  const scanner = new MassifScanner(input, visitor);
  const rest = await readWholeLines(input, scanner, LONGEST_LINE, () => visitor.breathe?.());
  if (rest.length > 0) scanner.lastLine(rest);
  return scanner.end();
}

class MassifScanner {
  private readonly input: Input;
  private readonly visitor: MassifVisitor;
  private readonly header: MassifHeader = { description: '', command: undefined, timeUnit: undefined };
  private readonly node: MassifNode = { depth: 0, children: 0, size: 0, text: Buffer.alloc(0), from: 0, to: 0 };
  /** By depth: how many children are still to come, and how many bytes none of them has taken yet. */
  private readonly left: number[] = [];
  private readonly untaken: number[] = [];
  private depth = 0;
  private lineNumber = 0;
  /** Which line of a snapshot comes next; {@link TREE} within a tree. */
  private state = 0;
  private readonly values = new Float64Array(FIELDS.length);
  private timeText = '';
  private snapshots = 0;
  /** An argument of the program may hold line ends: until `time_unit:` lines belong to the command. */
  private inCommand = false;

  constructor(input: Input, visitor: MassifVisitor) {
    this.input = input;
    this.visitor = visitor;
  }

  fail(what: string, hint?: string): never {
    throw new FormatError(this.input, `line ${Math.max(1, this.lineNumber)}`, what, hint);
  }

  lines(bytes: Buffer, from: number): number {
    let at = from;
    for (let end = bytes.indexOf(10, at); end >= 0; end = bytes.indexOf(10, at)) {
      this.line(bytes, at, end);
      at = end + 1;
    }
    return at;
  }

  /** @param to without the line end */
  line(bytes: Buffer, from: number, to: number): void {
    this.lineNumber++;
    if (this.state === TREE) this.treeLine(bytes, from, to);
    else if (this.inCommand) this.commandLine(bytes.toString('latin1', from, to));
    else if (!isSkipped(bytes, from, to)) this.textLine(bytes.toString('latin1', from, to));
  }

  /** Without a line end: massif ends every line, so a name in it may be cut. */
  lastLine(bytes: Buffer): void {
    const inTree = this.state === TREE;
    this.line(bytes, 0, bytes.length);
    if (inTree) this.fail('the file ends in the middle of a line', CUT_OFF);
  }

  end(): MassifHeader {
    if (this.state !== 0) {
      this.lineNumber++;
      this.fail(`the file ends in the middle of snapshot ${this.values[0]}`, CUT_OFF);
    }
    if (this.header.timeUnit === undefined) this.fail('there is no `time_unit:` line');
    if (this.snapshots === 0) this.fail('there is no snapshot');
    return this.header;
  }

  private textLine(line: string): void {
    if (this.state === 0 && this.headerLine(line)) return;
    const field = FIELDS[this.state]!;
    if (!line.startsWith(`${field}=`)) this.fail(`expected \`${field}=\`, found ${shown(line)}`);
    const value = line.slice(field.length + 1).trimEnd();
    if (field === 'heap_tree') {
      this.endOfFields(value);
      return;
    }
    const number = /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
    const whole = field === 'time' || Number.isInteger(number);
    if (!(number <= Number.MAX_SAFE_INTEGER) || !whole) this.fail(`${shown(value)} is no number of \`${field}\``);
    if (field === 'time') this.timeText = value;
    this.values[this.state++] = number;
  }

  /** @returns false where it is none */
  private headerLine(line: string): boolean {
    const { header } = this;
    if (line.startsWith('desc:')) header.description += `${line.slice(5)}\n`;
    else if (line.startsWith('cmd:')) {
      header.command = line.slice(4).replace(/^\s+/, '');
      this.inCommand = header.timeUnit === undefined;
    } else if (line.startsWith('time_unit:')) header.timeUnit = line.slice(10).trim();
    else return false;
    return true;
  }

  private commandLine(line: string): void {
    if (/^(?:time_unit: |snapshot=\d+$|#-----------$)/.test(line)) {
      this.inCommand = false;
      if (!line.startsWith('#')) this.textLine(line);
    } else this.header.command += `\n${line}`;
  }

  private endOfFields(tree: string): void {
    if (tree !== 'empty' && tree !== 'detailed' && tree !== 'peak') {
      this.fail(`\`heap_tree=\` is empty, detailed or peak, not ${shown(tree)}`);
    }
    const [number, time, heap, extra, stacks] = this.values as unknown as [number, number, number, number, number];
    if (heap + extra + stacks > Number.MAX_SAFE_INTEGER) this.fail('heap and stacks are above 2^53 bytes');
    this.snapshots++;
    const { timeText } = this;
    this.visitor.snapshot({ number, time, timeText, heap, extra, stacks, tree }, this.header);
    this.state = tree === 'empty' ? 0 : TREE;
    this.depth = 0;
    this.left[0] = 1;
    this.untaken[0] = heap;
  }

  private treeLine(bytes: Buffer, from: number, to: number): void {
    let at = from;
    while (at < to && isBlank(bytes[at]!)) at++;
    // Comments and blank lines
    if (at === to || bytes[at] === 35) return;
    if (bytes[at++] !== 110) this.noNode(bytes, from, to);
    const childrenAt = at;
    let children = 0;
    while (at < to && isDigit(bytes[at]!)) children = children * 10 + bytes[at++]! - 48;
    if (at === childrenAt || children > 0x7fffffff || bytes[at] !== 58) this.noNode(bytes, from, to);
    at++;
    while (at < to && isBlank(bytes[at]!)) at++;
    const sizeAt = at;
    let size = 0;
    while (at < to && isDigit(bytes[at]!)) size = size * 10 + bytes[at++]! - 48;
    if (at === sizeAt || size > Number.MAX_SAFE_INTEGER) this.noNode(bytes, from, to);

    const { left, untaken, node } = this;
    const depth = this.depth;
    const most = untaken[depth]!;
    if (size > most) {
      const of = depth === 0 ? 'the snapshot' : 'the line above it';
      this.fail(`${size} bytes are more than ${of} has left (${most})`);
    }
    untaken[depth] = most - size;
    left[depth] = left[depth]! - 1;
    node.depth = depth;
    node.children = children;
    node.size = size;
    node.text = bytes;
    node.from = at;
    node.to = to;
    this.visitor.node(node);
    if (children > 0) {
      this.depth = depth + 1;
      left[depth + 1] = children;
      untaken[depth + 1] = size;
      return;
    }
    let open = depth;
    while (open >= 0 && left[open] === 0) open--;
    if (open < 0) {
      this.state = 0;
      this.visitor.treeEnd();
    } else this.depth = open;
  }

  private noNode(bytes: Buffer, from: number, to: number): never {
    this.fail(
      `expected a line of the heap tree (\`n1: 1024 0x...\`), found ${shown(bytes.toString('latin1', from, to))}`,
    );
  }
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}

/** Blank, or a comment. A `#` further in is part of a name: `{closure#0}`. */
function isSkipped(bytes: Buffer, from: number, to: number): boolean {
  let at = from;
  while (at < to && isBlank(bytes[at]!)) at++;
  return at === to || bytes[at] === 35;
}

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
