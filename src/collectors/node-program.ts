import { EXIT, UserError } from '../errors.ts';
import { findTool, programKind, resolveProgram } from '../processes/executables.ts';
import type { Subject } from './collector.ts';

/** A program that is started by node. */
export interface NodeProgram {
  /** Absolute path of node. */
  readonly node: string;
  /** What follows it: options of node, the script, its arguments. */
  readonly args: readonly string[];
}

/**
 * For profilers that can start node programs and nothing else.
 * @param tool how the person knows it
 * @throws {UserError} 125: it is no node program, or runs already; 126/127: it cannot be run
 */
export function nodeProgram(subject: Subject, tool: string): NodeProgram {
  const refuse = (why: string): UserError =>
    new UserError(`${tool} ${why}`, { hint: 'leave --collector out: perf does', exitCode: EXIT.cannotCollect });
  if ('pid' in subject) throw refuse(`cannot be attached to a running process (pid ${subject.pid})`);
  const path = resolveProgram(subject.program[0] ?? '');
  const kind = programKind(path);
  const rest = subject.program.slice(1);
  if (kind === 'node') return { node: path, args: rest };
  if (kind === 'node-script') return { node: findTool('node') ?? process.execPath, args: [path, ...rest] };
  throw refuse('records node programs only');
}
