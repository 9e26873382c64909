import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readProfile } from '../../src/formats/registry.ts';

const script = resolve(import.meta.dirname, 'misbehave.cjs');

/** A command line of ours that runs a program, and what it leaves. */
export interface Tool {
  readonly id: string;
  /** All words before those of the program. */
  readonly words: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** What is to be there afterwards, in the folder where it runs. */
  readonly output: string;
  /** Other names that it may leave there. */
  readonly beside?: readonly string[];
  /** Which program it takes: the one in C, the one in JavaScript, or that as a server. */
  readonly runs: 'c' | 'node' | 'server';
  readonly needs?: 'perf' | 'valgrind';
  /** It holds the program's arguments, and only its owner may read it. */
  readonly isPrivate?: boolean;
  /** @throws when the result cannot be read, or holds nothing */
  readonly read: (file: string) => Promise<void>;
}

async function readSamples(file: string): Promise<void> {
  const { samples } = await readProfile(file);
  if (samples.length === 0) throw new Error('no samples');
}

function readCounters(file: string): Promise<void> {
  const { counters } = JSON.parse(readFileSync(file, 'utf8')) as { counters: { value: number }[] };
  if (!counters.some(({ value }) => value > 0)) throw new Error('no counter counted');
  return Promise.resolve();
}

function readJson(field: string): (file: string) => Promise<void> {
  return (file) => {
    const value = (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)[field];
    if (value === undefined || value === 0) throw new Error(`no ${field}`);
    return Promise.resolve();
  };
}

const ran: readonly Tool[] = [
  {
    id: 'flame (perf)',
    words: ['flame', '--collector', 'perf', '-o', 'out/flame.svg', '--'],
    output: 'out/flame.svg',
    runs: 'c',
    needs: 'perf',
    read: readSamples,
  },
  {
    id: 'record',
    words: ['record', '--collector', 'perf', '-o', 'out/perf.data', '--'],
    output: 'out/perf.data',
    isPrivate: true,
    beside: ['out/perf.data.jit'],
    runs: 'c',
    needs: 'perf',
    read: readSamples,
  },
  {
    id: 'perf-stat',
    words: ['perf-stat', '-o', 'out/counters.json', '--'],
    output: 'out/counters.json',
    runs: 'c',
    read: readCounters,
  },
  {
    id: 'massif',
    words: ['massif', '--massif-out-file', 'out/massif.out', '-o', 'out/massif.svg', '--'],
    output: 'out/massif.out',
    isPrivate: true,
    beside: ['out/massif.svg'],
    runs: 'c',
    needs: 'valgrind',
    read: readSamples,
  },
  {
    id: 'dhat',
    words: ['dhat', '--dhat-out-file', 'out/dhat.out', '-o', 'out/dhat.txt', '--'],
    output: 'out/dhat.out',
    isPrivate: true,
    beside: ['out/dhat.txt'],
    runs: 'c',
    needs: 'valgrind',
    read: readSamples,
  },
  {
    id: 'bench',
    words: ['bench', '-r', '2', '--export-json', 'out/bench.json', '--'],
    output: 'out/bench.json',
    runs: 'c',
    read: readJson('results'),
  },
  {
    id: 'flame (v8)',
    words: ['flame', '--collector', 'v8', '-o', 'out/flame.svg', '--'],
    output: 'out/flame.svg',
    runs: 'node',
    read: readSamples,
  },
  {
    id: 'heap',
    words: ['heap', '-o', 'out/heap.svg', '--'],
    output: 'out/heap.svg',
    runs: 'node',
    read: readSamples,
  },
  {
    id: 'console',
    words: ['console', '--once', '--for', '4s', '--record', 'out/seen.console', '--'],
    // A thread of the agent's must have begun before the program ends
    env: { WORK_MS: '400' },
    output: 'out/seen.console',
    isPrivate: true,
    runs: 'node',
    read: (file) => {
      if (!readFileSync(file, 'utf8').includes('\n')) throw new Error('no snapshot');
      return Promise.resolve();
    },
  },
  {
    id: 'load',
    words: ['load', '-d', '1s', '-o', 'out/load.json', '/', '--'],
    output: 'out/load.json',
    runs: 'server',
    read: readJson('requests'),
  },
];

/** Every command that runs a program, by name. */
export const tools: ReadonlyMap<string, Tool> = new Map(ran.map((tool) => [tool.id, tool]));

/** The words of a program that misbehaves in the given way. @param c the program in C */
export function programWords(tool: Tool, c: string, way: readonly string[]): string[] {
  if (tool.runs === 'c') return [c, ...way];
  const small = way[0] === 'oom' ? ['--max-old-space-size=30'] : [];
  return ['node', ...small, script, ...(tool.runs === 'server' ? ['serve'] : []), ...way];
}

/** Names in the folder that a row may leave, relative to it. */
export function namesOf(tool: Tool): string[] {
  return ['out', tool.output, ...(tool.beside ?? [])];
}
