import { programKind, resolveProgram } from '../processes/executables.ts';
import type { Artefact, CollectOptions } from './collector.ts';
import { nodeNotes, staticNotes } from './unseen-allocations.ts';
import { runValgrind } from './valgrind.ts';

/** What dhat is told; absent = its own default. Names and meanings are valgrind's (`valgrind --tool=dhat --help`). */
export interface DhatOptions {
  readonly mode?: 'heap' | 'copy' | 'ad-hoc';
  /** Callers of an allocation; valgrind's `--num-callers`. */
  readonly numCallers?: number;
  /** Also record programs that the program starts. Default: those of a script or shell, whose own heap nobody asks for. */
  readonly traceChildren?: boolean;
}

/** valgrind's own default is 12, which cuts most stacks of C++ and Rust. */
const CALLERS = 30;

/**
 * Records what a program allocates with valgrind's dhat: each block's life and accesses, some thirty times slower.
 * @throws {UserError} 125 without valgrind or a recording, 126/127 when the program cannot be run, 130 on give-up
 */
export async function collectDhat(
  program: readonly string[],
  { mode, numCallers = CALLERS, traceChildren }: DhatOptions,
  options: Pick<CollectOptions, 'durationSeconds' | 'attend' | 'say' | 'progress'>,
): Promise<Artefact> {
  const path = resolveProgram(program[0] ?? '');
  const kind = programKind(path);
  const args = [`--num-callers=${numCallers}`, ...(mode === undefined ? [] : [`--mode=${mode}`])];
  const run = await runValgrind(
    program,
    { tool: 'dhat', outFile: '--dhat-out-file', args, followChildren: traceChildren ?? kind === 'script' },
    { ...options, tick: (elapsed) => options.progress(elapsed, 'dhat: some thirty times slower') },
  );
  const unseen = nodeNotes(kind, 'dhat', 'V8 itself tells of the rest: --heap-prof');
  // Events come from the program itself
  if (mode !== 'ad-hoc') unseen.push(...staticNotes(path, 'dhat'));
  return { collector: 'dhat', format: 'dhat', ...run, notes: [...run.notes, ...unseen] };
}
