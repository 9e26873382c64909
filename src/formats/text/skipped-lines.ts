import type { Notes } from '../format.ts';

/** Counts lines that a text reader cannot use, and remembers the first, so that none is dropped in silence. */
export class SkippedLines {
  private readonly name: string;
  private count = 0;
  private first = '';

  constructor(name: string) {
    this.name = name;
  }

  add(lineNumber: number, line: string): void {
    if (this.count++ === 0) this.first = `line ${lineNumber}: ${JSON.stringify(line.slice(0, 60))}`;
  }

  /** The last line added was of use after all. */
  takeBack(): void {
    if (--this.count === 0) this.first = '';
  }

  note(notes: Notes): void {
    if (this.count === 0) return;
    notes.add(`${this.name}: lines not understood and left out: ${this.count}, first ${this.first}`);
  }
}
