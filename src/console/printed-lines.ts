import { StringDecoder } from 'node:string_decoder';

/** Lines that are kept, and characters of each. */
const MOST_LINES = 2_000;
const LONGEST_LINE = 4_096;

/** SGR and all other control sequences (ECMA-48): colours of a program mean nothing where its lines are shown anew. */
const CONTROL_SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\^_])/g;

/** The last lines that a program has printed, in bounded memory. */
export class PrintedLines {
  private readonly lines: string[] = [];
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';

  add(bytes: Uint8Array): void {
    const pieces = (this.rest + this.decoder.write(Buffer.from(bytes))).split('\n');
    this.rest = pieces.pop()!.slice(0, LONGEST_LINE);
    for (const piece of pieces.slice(-MOST_LINES)) this.lines.push(plain(piece));
    if (this.lines.length > MOST_LINES) this.lines.splice(0, this.lines.length - MOST_LINES);
  }

  /** The one that has not ended is among them. */
  all(): readonly string[] {
    return this.rest === '' ? this.lines : [...this.lines, plain(this.rest)];
  }
}

function plain(line: string): string {
  const text = line.replace(CONTROL_SEQUENCES, '').replaceAll('\t', '    ');
  // What was written over with a carriage return was a progress line: its last state counts
  return text.replace(/\r+$/, '').split('\r').at(-1)!.slice(0, LONGEST_LINE);
}
