import { readPerfAsInferno } from './compat/inferno-perf.ts';
import { readAsPerl } from './compat/perl.ts';
import { EventSamples } from './event-samples.ts';
import type { Claim, Format, Input, Notes, ReadChoices } from './format.ts';
import { PerfBlocks } from './perf-blocks.ts';
import { isFrame, symbolStart } from './perf-frame-line.ts';
import { type PerfHeader, parsePerfHeader } from './perf-header-line.ts';
import { openKernel, wasmKernel } from './perf-kernel/open-kernel.ts';
import { PerfLines } from './perf-lines.ts';
import { encodingOf, headLines, textLines } from './text-lines.ts';

/**
 * Text of `perf script`, with any of its fields (`-F`). Semantics as stackcollapse-perf.pl where that loses nothing.
 * What perf prints by default is read as bytes, all other shapes line by line, with one result.
 */
export const perfScript: Format = {
  id: 'perf-script',
  title: 'perf script output',
  detect,
  dialects: new Map([
    ['perl', readAsPerl],
    ['inferno', readPerfAsInferno],
  ]),
  async read(input, notes, choices = {}) {
    // The kernel forgets addresses, and what is inlined is told by them
    const kernel = encodingOf(input.head) === 'utf-8' && !choices.inlined ? openKernel() : undefined;
    return kernel ? new PerfBlocks(input, notes, kernel, choices).read() : readLines(input, notes, choices);
  },
  async collapse(input, notes, roots, choices, originals) {
    return summingReader(input, notes, choices)?.collapse(roots, notes, originals);
  },
  encodesDrawn: true,
  async draw(input, minFraction, notes, choices, originals) {
    return summingReader(input, notes, choices)?.draw(minFraction, notes, originals);
  },
};

/** Undefined where the kernel cannot read the input, or is not there. */
function summingReader(input: Input, notes: Notes, choices: ReadChoices): PerfBlocks | undefined {
  const kernel = encodingOf(input.head) === 'utf-8' && !choices.inlined ? wasmKernel() : undefined;
  return kernel && new PerfBlocks(input, notes, kernel, choices, true);
}

/** The whole input line by line: for UTF-16, and as what the reader of bytes is tested against. */
export async function readLines(input: Input, notes: Notes, choices: ReadChoices = {}): ReturnType<Format['read']> {
  const reader = new PerfLines(input.name, notes, new EventSamples(), choices);
  for await (const lines of textLines(input)) {
    for (let i = 0; i < lines.length; i++) reader.line(lines[i]!);
  }
  return reader.endInlined(choices.context === true);
}

function detect(head: Uint8Array): Claim {
  const lines = headLines(head);
  let previous: PerfHeader | undefined;
  let frames = 0;
  for (const line of lines) {
    if (/^# (?:captured on|cmdline|perf version) *:/.test(line)) return 'yes';
    if (isFrame(line) || (line.startsWith('\t') && symbolStart(line) >= 0)) {
      frames++;
      if (previous) return 'yes';
    }
    if (line.trim() === '' || line.startsWith('#')) continue;
    previous = parsePerfHeader(line);
    if (previous && previous.time !== undefined && previous.event !== '') return 'yes';
  }
  return frames > 0 ? 'maybe' : 'no';
}
