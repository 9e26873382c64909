import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findTool } from '../../../src/processes/executables.ts';
import { FIXTURES } from '../../formats/harness.ts';
import { requireTool } from '../../require-tool.ts';
import { slowToCompare } from '../../slow-repository.ts';
import { type StackPair, stackPairs } from './perf-stacks.ts';

const present =
  process.arch === 'x64' && ['perf', 'gcc', 'g++'].every((tool) => requireTool(tool, findTool(tool) !== undefined));
const rustc = findTool('rustc');
if (rustc === undefined) console.log('skipped: rustc is not here');
const folder = mkdtempSync(join(tmpdir(), 'pforge-unwind-'));
const sourceOf = (name: string): string => join(import.meta.dirname, 'programs', name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function compiled(compiler: string, name: string, ...flags: string[]): string {
  const program = join(folder, `${name}${flags.join('')}`);
  const libraries = compiler === 'gcc' ? ['-lm', '-lpthread'] : [];
  if (!existsSync(program)) execFileSync(compiler, [...flags, sourceOf(name), '-o', program, ...libraries]);
  return program;
}

/** @param size bytes copied of each stack */
function record(size: number, ...command: readonly string[]): Promise<{ pairs: StackPair[]; truncated: number }> {
  const file = join(folder, 'perf.data');
  const flags = ['record', '-q', '--no-bpf-event', '-N', '--buildid-all', '-e', 'cpu-clock', '-F', '997'];
  const args = [...flags, '--call-graph', `dwarf,${size}`, '-o', file, '--', ...command];
  execFileSync('perf', args, { stdio: 'ignore', cwd: folder });
  return stackPairs(file);
}

/** Where a signal interrupted a program nothing was called; perf looks a byte before it all the same. */
function alike(theirs: string, ours: string): boolean {
  if (theirs === ours) return true;
  const [address, path] = theirs.split(' ');
  return ours === `${(Number.parseInt(address!, 16) + 1).toString(16)} ${path}`;
}

function share(pairs: readonly StackPair[], equal: (pair: StackPair) => boolean): number {
  return pairs.filter(equal).length / pairs.length;
}

/** The share of chains that end where most do: two threads have two ends. */
function rooted(pairs: readonly StackPair[]): number {
  const ends = new Map<string, number>();
  for (const { ours } of pairs) ends.set(ours.at(-1)!, (ends.get(ours.at(-1)!) ?? 0) + 1);
  const [first, second] = [...ends.values()].sort((a, b) => b - a);
  return (first! + (second ?? 0)) / pairs.length;
}

const same = ({ theirs, ours }: StackPair): boolean => theirs.join() === ours.join();
const sameButSignals = ({ theirs, ours }: StackPair): boolean =>
  theirs.length === ours.length && theirs.every((frame, index) => alike(frame, ours[index]!));

/*
 * perf itself is wrong here and there (its cache of rules is not told of exec; it does not walk on from code without
 * tables), so that a share is asked for.
 */
describe.skipIf(!present)('stacks unwound as perf script unwinds them', () => {
  test.each([[['-O2', '-fomit-frame-pointer']], [['-O0']]])('C++ %j', async (flags) => {
    const { pairs, truncated } = await record(16384, compiled('g++', 'stacks.cpp', ...flags));
    expect(pairs.length).toBeGreaterThan(50);
    expect(share(pairs, same)).toBeGreaterThan(0.99);
    expect(truncated).toBe(0);
  });

  test('C++ whose stacks were copied in part', async () => {
    const { pairs, truncated } = await record(1024, compiled('g++', 'stacks.cpp', '-O2', '-fomit-frame-pointer'));
    // perf does not read the last word that was copied
    expect(share(pairs, same)).toBeGreaterThan(0.97);
    expect(truncated / pairs.length).toBeGreaterThan(0.1);
  });

  test('C without .eh_frame, through .debug_frame', async () => {
    const flags = ['-O2', '-g', '-fomit-frame-pointer', '-fno-asynchronous-unwind-tables', '-fno-unwind-tables'];
    const { pairs } = await record(16384, compiled('gcc', 'signals.c', ...flags));
    expect(pairs.length).toBeGreaterThan(50);
    expect(rooted(pairs)).toBeGreaterThan(0.95);
    // perf does not look there
    expect(share(pairs, same)).toBeLessThan(0.1);
  });

  test.each([[[]], [['on a stack of their own']]])('signal handlers %j', async (words) => {
    const { pairs } = await record(16384, compiled('gcc', 'signals.c', '-O2', '-fomit-frame-pointer'), ...words);
    expect(pairs.length).toBeGreaterThan(50);
    expect(share(pairs, sameButSignals)).toBeGreaterThan(0.99);
    expect(share(pairs, same)).toBeLessThan(0.9);
  });

  test.skipIf(rustc === undefined)('Rust', async () => {
    const { pairs } = await record(16384, compiled('rustc', 'traits.rs', '-O', '-g'));
    expect(pairs.length).toBeGreaterThan(50);
    expect(share(pairs, same)).toBeGreaterThan(0.99);
  });

  test('git', async () => {
    const { pairs } = await record(65528, 'git', '-C', slowToCompare(folder), 'diff', '--minimal', 'HEAD~1');
    expect(pairs.length).toBeGreaterThan(50);
    expect(share(pairs, same)).toBeGreaterThan(0.9);
  });

  test('node: as perf, and on where perf stops at code without tables', async () => {
    const script = join(FIXTURES, 'src', 'script.js');
    const { pairs } = await record(65528, process.execPath, '--perf-basic-prof', '--logfile=/dev/null', script, '500');
    expect(pairs.length).toBeGreaterThan(50);
    const begins = ({ theirs, ours }: StackPair): boolean => theirs.join() === ours.slice(0, theirs.length).join();
    expect(share(pairs, begins)).toBeGreaterThan(0.95);
    const root = ({ ours }: StackPair): boolean => ours.at(-1)?.includes('//anon') === false;
    expect(share(pairs, root)).toBeGreaterThan(0.9);
  });
});
