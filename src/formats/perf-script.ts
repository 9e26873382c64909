import type { Claim, Format, Input, Notes, ReadChoices } from './format.ts';
import type { PerfBlocks } from './perf-script/blocks.ts';
import { isFrame, symbolStart } from './perf-script/frame-line.ts';
import { type PerfHeader, parsePerfHeader } from './perf-script/header-line.ts';
import { encodingOf, headLines, textLines } from './text/lines.ts';

/**
 * Text of `perf script`, with any of its fields (`-F`). Semantics as stackcollapse-perf.pl where that loses nothing.
 * What perf prints by default is read as bytes, all other shapes line by line, with one result.
 */
export const perfScript: Format = {
  id: 'perf-script',
  title: 'perf script output',
  detect,
  dialects: new Map([
    ['perl', async (...words) => (await import('./compat/perl.ts')).readAsPerl(...words)],
    ['inferno', async (...words) => (await import('./compat/inferno-perf.ts')).readPerfAsInferno(...words)],
  ]),
  async read(input, notes, choices = {}) {
    // The kernel forgets addresses, and what is inlined is told by them
    if (encodingOf(input.head) !== 'utf-8' || choices.inlined) return readLines(input, notes, choices);
    const { openKernel } = await import('./perf-kernel/either-kernel.ts');
    const { PerfBlocks } = await import('./perf-script/blocks.ts');
    const kernel = openKernel();
    return kernel ? new PerfBlocks(input, notes, kernel, choices).read() : readLines(input, notes, choices);
  },
  async collapse(input, notes, roots, choices, originals) {
    return (await summingReader(input, notes, choices))?.collapse(roots, notes, originals);
  },
  encodesDrawn: true,
  async draw(input, minFraction, notes, choices, originals) {
    return (await summingReader(input, notes, choices))?.draw(minFraction, notes, originals);
  },
};

/** Undefined where the kernel cannot read the input, or is not there. */
async function summingReader(input: Input, notes: Notes, choices: ReadChoices): Promise<PerfBlocks | undefined> {
  if (encodingOf(input.head) !== 'utf-8' || choices.inlined) return undefined;
  const { wasmKernel } = await import('./perf-kernel/open-kernel.ts');
  const { PerfBlocks } = await import('./perf-script/blocks.ts');
  const kernel = wasmKernel();
  return kernel && new PerfBlocks(input, notes, kernel, choices, true);
}

/** The whole input line by line: for UTF-16, and as what the reader of bytes is tested against. */
export async function readLines(input: Input, notes: Notes, choices: ReadChoices = {}): ReturnType<Format['read']> {
  const { PerfLines } = await import('./perf-script/lines.ts');
  const { EventSamples } = await import('./samples/event-samples.ts');
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
