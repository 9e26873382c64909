import type { ValueType } from '../../profile/profile.ts';
import { COUNT_WANTED } from '../perf-kernel/line-printer.ts';
import type { Kernel } from '../perf-kernel/open-kernel.ts';
import { decimal } from '../text/decimal.ts';

/** Bytes that are given out at once, unless one line is longer. */
const PIECE = 1 << 18;
const NEWLINE = 10;

/** A stack's text that ends in a number, so that line and count look like a differential file's. */
export const twoCounts = /\s(\d+(?:\.\d*)?)[ \t]+\d+(?:\.\d*)?$/;

/** A label as folded text has it: `;` becomes `:`, a line end or tab a blank. */
export function labelText(label: string): string {
  return /[\n\r\t;]/.test(label) ? label.replace(/[\n\r\t]/g, ' ').replaceAll(';', ':') : label;
}

/** Puts a line in front that says what is measured, where the first stack could be taken for one of a differential file. */
export function* withDeclaration({ type, unit }: ValueType, pieces: Iterable<Uint8Array>): Iterable<Uint8Array> {
  let first = true;
  for (const piece of pieces) {
    if (first) {
      // Frames that end in a number look like a first count; a file is differential only if all its lines are
      const text = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
      if (twoCounts.test(text.toString('utf8', 0, text.indexOf(NEWLINE)))) {
        yield Buffer.from(`# pforge-prof unit=${unit.replace(/\s/g, '_') || 'count'} type=${labelText(type)}\n`);
      }
      first = false;
    }
    yield piece;
  }
}

/**
 * What a kernel has sorted, as text. It is closed at the end.
 * @param labels what its numbers stand for
 * @returns undefined where there is not enough memory
 */
export function printedLines(kernel: Kernel, labels: readonly string[]): Iterable<Uint8Array> | undefined {
  const bytes = Buffer.from(labels.map(labelText).join('\n'));
  const start = kernel.alloc((labels.length + 1) * 4);
  const text = kernel.alloc(bytes.length + 8);
  if (start === 0 || text === 0) return undefined;
  const starts = new Int32Array(kernel.memory(), start, labels.length + 1);
  // Without the line ends between them
  let end = 0;
  for (let i = 0, from = 0; i < labels.length; i++) {
    const lineEnd = bytes.indexOf(NEWLINE, from);
    const to = lineEnd < 0 ? bytes.length : lineEnd;
    bytes.copyWithin(end, from, to);
    end += to - from;
    starts[i + 1] = end;
    from = to + 1;
  }
  new Uint8Array(kernel.memory(), text, end).set(bytes.subarray(0, end));
  return printedLabels(kernel, start, text);
}

/**
 * The same with labels that the kernel has.
 * @param starts where each of them starts in `texts`, and at last the end
 */
export function printedLabels(kernel: Kernel, starts: number, texts: number): Iterable<Uint8Array> | undefined {
  const out = kernel.startLines(starts, texts, PIECE);
  return out === 0 ? undefined : pieces(kernel, out);
}

function* pieces(kernel: Kernel, out: number): Iterable<Uint8Array> {
  try {
    for (;;) {
      const bytes = kernel.printLines();
      if (bytes === 0) return;
      if (bytes === COUNT_WANTED) {
        const text = decimal(kernel.countWanted());
        Buffer.from(kernel.memory()).write(text, kernel.countRoom(), 'latin1');
        kernel.setCountText(text.length);
      } else yield Buffer.from(kernel.memory(), out, bytes);
    }
  } finally {
    kernel.close();
  }
}
