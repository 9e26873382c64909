import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { requireTool } from '../require-tool.ts';
import { programFaults } from './programs.ts';
import type { Fault } from './rows.ts';
import { signalFaults } from './signals.ts';
import { namesOf, programWords, type Tool, tools } from './tools.ts';
import { makePlace, type Outcome, type Place, underFault } from './under-fault.ts';
import { worldFaults } from './worlds.ts';

/** Rows at a time: most of a row is waiting. */
const AT_ONCE = 3;

const faults: readonly Fault[] = [...programFaults, ...signalFaults, ...worldFaults];

const built = mkdtempSync(join(tmpdir(), 'pforge-fault-build-'));
const misbehave = join(built, 'misbehave');
const compiler = findTool('cc');
const present = {
  cc: requireTool('cc', compiler !== undefined),
  perf: requireTool('perf', findTool('perf') !== undefined),
  valgrind: requireTool('valgrind', findTool('valgrind') !== undefined),
};
if (present.cc) {
  const source = join(import.meta.dirname, 'misbehave.c');
  execFileSync(compiler!, ['-O1', '-g', '-fno-omit-frame-pointer', '-pthread', '-o', misbehave, source]);
}

let survived = 0;
let tried = 0;
afterAll(() => {
  rmSync(built, { recursive: true, force: true });
  console.log(`faults survived ${survived} of ${tried}${tried < faults.length ? ` (${faults.length} in all)` : ''}`);
});

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<Result>(action: () => Promise<Result>): Promise<Result> {
  if (running >= AT_ONCE) await new Promise<void>((go) => waiting.push(go));
  else running++;
  try {
    return await action();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}

/** Whatever is wrong with what came of a row; nothing where it is as it should be. */
async function problemsOf(fault: Fault, tool: Tool, outcome: Outcome, { cwd }: Place): Promise<string[]> {
  const problems: string[] = [];
  const { code, result = 'readable', says, printed } = fault;
  const killed = code === 'SIGKILL';
  if (killed ? outcome.signal !== code : ![code].flat().includes(outcome.code ?? Number.NaN)) {
    problems.push(`exit code ${outcome.code ?? outcome.signal ?? 'none: it hung'} instead of ${code}`);
  }
  const file = join(cwd, fault.output ?? tool.output);
  const there = existsSync(file);
  if (result === 'readable' && !there) problems.push('no result');
  if (result === 'none' && there) problems.push('a result where none is to be');
  if (there && result !== 'none') await tool.read(file).catch((error: Error) => problems.push(`unreadable: ${error}`));
  if (there && tool.isPrivate && (statSync(file).mode & 0o77) !== 0) problems.push('a recording that others can read');
  const allowed = new Set([...namesOf(tool), ...(fault.allowed ?? []), fault.output ?? '']);
  const left = outcome.files.flatMap((name) => [name, ...within(cwd, name)]);
  for (const name of left) if (!allowed.has(name)) problems.push(`left behind: ${name}`);
  for (const name of killed ? [] : outcome.temporary) problems.push(`left in the temporary folder: ${name}`);
  for (const line of outcome.orphans) problems.push(`still running: ${line}`);
  if (says !== undefined && !says.test(outcome.stderr)) problems.push(`does not say ${says}`);
  if (printed !== undefined && outcome.printed !== printed)
    problems.push(`${outcome.printed} bytes on standard output`);
  const errors = outcome.stderr.split('\n').filter((line) => line.startsWith('pforge-prof: error:'));
  if (errors.length > 1 || (result === 'readable' && errors.length > 0)) problems.push('errors on standard error');
  if (result === 'none' && errors.length === 0 && outcome.signal === null) problems.push('no error on standard error');
  // Of ours: the program may well print its own
  if (/^\s+at .*\/dist\/|internal error|UnhandledPromise/m.test(outcome.stderr)) problems.push('a stack trace');
  return problems;
}

function within(cwd: string, name: string): string[] {
  try {
    return readdirSync(join(cwd, name)).map((inner) => join(name, inner));
  } catch {
    return [];
  }
}

function wordsFor(fault: Fault, tool: Tool, tail: readonly string[]): string[] {
  const { output = tool.output } = fault;
  const before = tool.words.slice(0, -1).map((word) => (word === tool.output ? output : word));
  const program = programWords(tool, misbehave, [...(fault.way ?? ['ok']), ...tail]);
  return [...before, ...(fault.options ?? []), '--', ...program];
}

for (const fault of faults) {
  const tool = tools.get(fault.tool)!;
  const able = (tool.needs === undefined || present[tool.needs]) && (tool.runs !== 'c' || present.cc);
  (able ? test.concurrent : test.skip)(
    `${fault.tool}: ${fault.fault}`,
    () =>
      inTurn(async () => {
        tried++;
        const place = makePlace();
        mkdirSync(join(place.cwd, 'out'));
        try {
          const { tail = [], ...made } = fault.prepare?.(place) ?? {};
          const worlds = { ...fault.row, ...made };
          const row = { words: wordsFor(fault, tool, tail), ...worlds, env: { ...tool.env, ...worlds.env } };
          const outcome = await underFault(row, place);
          const problems = await problemsOf(fault, tool, outcome, place);
          expect(problems, `${row.words.join(' ')}\n${outcome.stderr.slice(-3000)}`).toEqual([]);
          survived++;
        } finally {
          place.remove();
        }
      }),
    300_000,
  );
}
