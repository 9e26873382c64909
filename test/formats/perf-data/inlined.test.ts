import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Notes, type ReadChoices } from '../../../src/formats/format.ts';
import { openInput } from '../../../src/formats/input.ts';
import { perfData } from '../../../src/formats/perf-data.ts';
import { findTool } from '../../../src/processes/executables.ts';
import { KINDS, type Profile } from '../../../src/profile/profile.ts';
import { requireTool } from '../../require-tool.ts';

const present =
  process.arch === 'x64' &&
  ['perf', 'g++', 'addr2line', 'nm'].every((tool) => requireTool(tool, findTool(tool) !== undefined));
const rustc = findTool('rustc');
if (rustc === undefined) console.log('skipped: rustc is not here');
const folder = mkdtempSync(join(tmpdir(), 'pforge-inlined-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const programs = join(import.meta.dirname, '..', '..', 'symbols', 'unwind', 'programs');

function record(program: string, callGraph: string): string {
  const file = join(folder, 'perf.data');
  const flags = ['record', '-q', '--no-bpf-event', '-N', '--buildid-all', '-e', 'cpu-clock', '-F', '997'];
  execFileSync('perf', [...flags, '--call-graph', callGraph, '-o', file, '--', program], { stdio: 'ignore' });
  return file;
}

async function read(file: string, choices: ReadChoices): Promise<Profile> {
  return perfData.read(await openInput(file), new Notes(), { inlined: true, context: true, ...choices });
}

interface Frame {
  readonly name: string;
  readonly place: string;
  readonly inlined: boolean;
}

/** The frames that samples have in a program, leaf first, by the time of the sample. */
function framesOf({ samples, stacks, frames, strings }: Profile, program: string): Map<number, Frame[]> {
  const found = new Map<number, Frame[]>();
  for (let i = 0; i < samples.length; i++) {
    const chain: Frame[] = [];
    for (let at = samples.stack[i]!; at >= 0; at = stacks.parent[at]!) {
      const frame = stacks.frame[at]!;
      if (strings[frames.module[frame]!] !== program) continue;
      const place = `${strings[frames.file[frame]!]}:${frames.line[frame]!}`;
      chain.push({ name: strings[frames.name[frame]!]!, place, inlined: KINDS[frames.kind[frame]!] === 'inlined' });
    }
    // perf script prints microseconds
    found.set(Math.floor(samples.time![i]! / 1000), chain);
  }
  return found;
}

/** addr2line writes what a function returns in front of its name, and the name of a symbol for that of a local function. */
function alike(ours: Frame | undefined, theirs: Frame | undefined): boolean {
  if (ours === undefined || theirs === undefined) return false;
  if (ours.place !== theirs.place || ours.inlined !== theirs.inlined) return false;
  return ours.name === theirs.name || theirs.name.endsWith(` ${ours.name}`) || isLocal(ours.name);
}

/** Without a name for linkers: of a lambda, or with one for its argument; or one that the demangler cannot read. */
const isLocal = (name: string): boolean => !name.includes('::') || name.includes('<lambda');

interface Comparison {
  readonly samples: number;
  /** Shares of the samples that have frames in the program. */
  readonly leaves: number;
  readonly stacks: number;
  /** Inlined frames of ours. */
  readonly inlined: number;
}

async function compared(program: string, callGraph: string): Promise<Comparison> {
  const file = record(program, callGraph);
  const ours = framesOf(await read(file, {}), program);
  const theirs = framesOf(await read(file, { via: 'perf-script' }), program);
  const pairs = [...ours].map(([time, chain]) => ({ chain, expected: theirs.get(time)! }));
  const filled = pairs.filter(({ chain, expected }) => chain.length + expected.length > 0);
  const share = (same: (pair: (typeof pairs)[0]) => boolean): number => filled.filter(same).length / filled.length;
  return {
    samples: filled.length,
    leaves: share(({ chain: [frame], expected: [other] }) => alike(frame, other)),
    stacks: share(
      ({ chain, expected }) => chain.length === expected.length && chain.every((frame, i) => alike(frame, expected[i])),
    ),
    inlined: filled.reduce((sum, { chain }) => sum + chain.filter(({ inlined }) => inlined).length, 0),
  };
}

/*
 * The text of perf script is an oracle with limits: its addresses are those in files, so that addr2line is asked in vain
 * where a program stands elsewhere in memory than in its file; and of stacks by frame pointers they are behind the calls,
 * where other functions were inlined than at them.
 */
describe.skipIf(!present)('inlined functions of recordings, with their lines, as by perf script and addr2line', () => {
  test('C++, stacks copied', async () => {
    const program = join(folder, 'cpp');
    execFileSync('g++', ['-O2', '-g', '-pie', '-fPIE', join(programs, 'stacks.cpp'), '-o', program]);
    const { samples, stacks, inlined } = await compared(program, 'dwarf,16384');
    expect(samples).toBeGreaterThan(20);
    expect(inlined).toBeGreaterThan(samples);
    // Some names of templates are demangled otherwise
    expect(stacks).toBeGreaterThan(0.97);
  });

  test('C++, frame pointers: where programs were', async () => {
    const program = join(folder, 'cpp-frames');
    const flags = ['-O2', '-g', '-pie', '-fPIE', '-fno-omit-frame-pointer'];
    execFileSync('g++', [...flags, join(programs, 'stacks.cpp'), '-o', program]);
    const { samples, leaves, inlined } = await compared(program, 'fp');
    expect(samples).toBeGreaterThan(20);
    expect(inlined).toBeGreaterThan(samples);
    expect(leaves).toBeGreaterThan(0.95);
  });

  test.skipIf(rustc === undefined)('Rust, stacks copied', async () => {
    const program = join(folder, 'rust');
    execFileSync(rustc!, ['-O', '-g', '-C', 'relocation-model=static', join(programs, 'traits.rs'), '-o', program]);
    const { samples, stacks, inlined } = await compared(program, 'dwarf,16384');
    expect(samples).toBeGreaterThan(20);
    expect(inlined).toBeGreaterThan(samples * 5);
    expect(stacks).toBeGreaterThan(0.99);
  });
});
