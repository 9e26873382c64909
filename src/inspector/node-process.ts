import { readFileSync, readlinkSync } from 'node:fs';
import { constants } from 'node:os';
import { basename } from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import { executableOf, isAlive, readProcess } from '../processes/proc.ts';
import { portOwner } from '../processes/sockets.ts';

/** A running node process, as /proc tells of it. */
export interface NodeProcess {
  readonly pid: number;
  /** Its words, of node and of the program. */
  readonly command: readonly string[];
  /** Where its inspector listens, or will: 0 is a port that the kernel chooses. */
  readonly inspectorPort: number;
}

/** Where node opens its inspector when nothing else is asked for. */
export const INSPECTOR_PORT = 9229;

/** Options of node that take the next word as their value, where it does not follow a `=`. */
const VALUED =
  /^(?:-r|-C|-e|-p|-pe|--(?:require|import|loader|experimental-loader|conditions|eval|print|env-file|title|input-type|inspect-port|debug-port))$/;

const PORT_OPTION = /^--(?:inspect|inspect-brk|inspect-wait|inspect-port|debug-port)(?:=(?:.*:)?(\d+))?$/;

/**
 * Looks at a process that is to be attached to; touches nothing.
 * @throws {UserError} 2: there is none; 125: it is not ours to look at, no node program, or cannot open an inspector
 */
export function inspectNodeProcess(pid: number): NodeProcess {
  if (!isAlive(pid)) throw new UserError(`there is no process ${pid}`, { hint: 'check the id given to --pid' });
  if (pid === process.pid) throw refusal(`process ${pid} is pforge-prof itself`, 'give the id of another process');
  const executable = executableOf(pid);
  if (executable === undefined) {
    throw refusal(`process ${pid} may not be looked at`, 'it belongs to another user: use sudo');
  }
  const name = basename(executable).replace(/ \(deleted\)$/, '');
  if (!/^node(js)?[\d.-]*$/.test(name)) {
    throw refusal(
      `process ${pid} is ${name}, not node`,
      'give the id of the node process itself (pgrep -a node); flame --collector perf records any',
    );
  }
  if (linkOf(pid, 'net') !== linkOf('self', 'net')) {
    throw refusal(
      `process ${pid} has a network of its own (a container), where its inspector would listen`,
      `run pforge-prof there: nsenter -t ${pid} -n pforge-prof ...`,
    );
  }
  if (readProcess(pid)?.state === 'T') {
    throw refusal(`process ${pid} is stopped, and cannot answer`, `let it go on: kill -CONT ${pid}`);
  }
  const command = wordsOf(pid, 'cmdline');
  return { pid, command, inspectorPort: inspectorPort(pid, command) };
}

/**
 * SIGUSR1 ends a process that does not catch it: node catches it unless it is told not to.
 * @throws {UserError} 125: it does not
 */
export function checkCatchesSignal(pid: number): void {
  const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(text(pid, 'status'))?.[1] ?? '0';
  if ((BigInt(`0x${caught}`) >> BigInt(constants.signals.SIGUSR1 - 1)) % 2n === 1n) return;
  throw refusal(
    `process ${pid} opens no inspector on SIGUSR1, and the signal would end it`,
    'it is just starting, or was started with --disable-sigusr1: try again, or start it with --inspect=0',
  );
}

/** Who has the port that node takes, in words: as {@link portOwner}. */
export function inspectorPortOwner(): string | undefined {
  return portOwner(INSPECTOR_PORT);
}

/** The last of the options that name a port wins, those of NODE_OPTIONS before those of the command line. */
function inspectorPort(pid: number, command: readonly string[]): number {
  const environment = wordsOf(pid, 'environ').find((pair) => pair.startsWith('NODE_OPTIONS='));
  const words = [...(environment?.slice('NODE_OPTIONS='.length).split(/\s+/) ?? []), ...nodeOptions(command)];
  const ports = words.flatMap((word) => PORT_OPTION.exec(word)?.[1] ?? []);
  return Number(ports.at(-1) ?? INSPECTOR_PORT);
}

/** The words before the program's file, options and values as one: `--inspect-port=0`. */
function nodeOptions(command: readonly string[]): string[] {
  const options: string[] = [];
  for (let i = 1; i < command.length; i++) {
    const word = command[i]!;
    if (!word.startsWith('-') || word === '-' || word === '--') break;
    options.push(VALUED.test(word) ? `${word}=${command[++i] ?? ''}` : word);
  }
  return options;
}

function wordsOf(pid: number, file: string): string[] {
  return text(pid, file).split('\0').slice(0, -1);
}

function text(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function linkOf(pid: number | 'self', namespace: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/${namespace}`);
  } catch {
    return '';
  }
}

function refusal(message: string, hint: string): UserError {
  return new UserError(message, { hint, exitCode: EXIT.cannotCollect });
}
