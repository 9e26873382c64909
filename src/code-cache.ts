import { closeSync, readFileSync, readSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { Script } from 'node:vm';
import { cacheFolder, keep, openKept, tidy } from './cache-folder.ts';
import { summedBytes } from './checksum.ts';

/** Loads another bundle of the same folder. */
type LoadBeside = (name: string, build: string) => unknown;

/** What a bundle evaluates to: a CommonJS module as node wraps one, and how it loads those beside it. */
type Wrapped = (
  exports: object,
  require: NodeJS.Require,
  module: object,
  filename: string,
  dirname: string,
  loadBeside: LoadBeside,
) => void;

/**
 * Before the compiled code stand the build (16 bytes), a checksum, which V8 does not make (16), and for which kinds of calls it was
 * made (32). V8 wants the code at a multiple of 8.
 */
const BUILD_BYTES = 16;
const SUM_BYTES = 16;
const CALLS_BYTES = 32;
const HEAD_BYTES = BUILD_BYTES + SUM_BYTES + CALLS_BYTES;
/** With more bits than this set new kinds of calls can no longer be told from known ones. */
const MOST_CALLS = 96;
/** In V8's compiled code, a number of four bytes: which flags the engine had. */
const FLAGS_AT = 12;
/** Our exit code for words that are no command, or not right. */
const BAD_INPUT = 2;

/** The code of a bundle that is kept: V8's, and the calls that it was made for, one bit each. */
interface Kept {
  readonly code: Buffer;
  readonly calls: Uint8Array;
}

/** What a call is; all of it has a default. */
export interface CallOfBundle {
  readonly env?: NodeJS.ProcessEnv;
  /** Of the command line, the command first. */
  readonly words?: readonly string[];
  /** Does something when all is done, and tells it the exit code. */
  readonly atExit?: (work: (exitCode: number) => void) => void;
}

/**
 * Runs a bundle of ours, compiled before where that may be. To parse and compile functions takes longer than to run most
 * of them once: so when a call ends, the functions that it used are kept as V8's code in the user's folder for caches
 * (`$XDG_CACHE_HOME`, else `~/.cache`), for each command apart; a call of another kind (other options, other extensions of files)
 * adds what it used. All functions of the bundle would be five times as much to read. V8 itself refuses the code of another
 * version, or of other flags.
 * @param path of a script that evaluates to a function of `exports, require, module, __filename, __dirname, loadBeside`; ASCII
 * @param build tells this build from all others; ASCII, at most 16 characters
 * @param require finds node's modules for it
 * @returns what it exports
 */
export function loadCompiled(path: string, build: string, require: NodeJS.Require, call: CallOfBundle = {}): unknown {
  const module = { exports: {} };
  const run = compiled(path, build, call).runInThisContext() as Wrapped;
  const folder = dirname(path);
  const loadBeside: LoadBeside = (name, build) => loadCompiled(join(folder, name), build, require, call);
  run(module.exports, require, module, path, folder, loadBeside);
  return module.exports;
}

function compiled(
  path: string,
  build: string,
  { env = process.env, words = process.argv.slice(2), atExit = (work) => process.once('exit', work) }: CallOfBundle,
): Script {
  const source = readFileSync(path, 'latin1');
  const cache = cacheFile(path, env, words[0] ?? '');
  if (cache === undefined) return new Script(source, { filename: path });
  const kept = read(cache, build);
  const script = new Script(source, { filename: path, ...(kept && { cachedData: kept.code }) });
  const calls = kept === undefined || script.cachedDataRejected ? new Uint8Array(CALLS_BYTES) : kept.calls;
  if (addCall(calls, words)) atExit(keeping(script, cache, build, calls));
  return script;
}

/** @returns true where a call of this kind is new */
function addCall(calls: Uint8Array, words: readonly string[]): boolean {
  const end = words.indexOf('--');
  const kinds = (end < 0 ? words : words.slice(0, end)).map((word) =>
    word.startsWith('-') ? word.replace(/=.*/s, '') : extname(word),
  );
  const bit = Number.parseInt(hashOf(kinds.join(' ')), 16) % (CALLS_BYTES * 8);
  let known = 0;
  for (let i = 0; i < CALLS_BYTES * 8; i++) known += (calls[i >> 3]! >> (i & 7)) & 1;
  if (known >= MOST_CALLS || (calls[bit >> 3]! >> (bit & 7)) & 1) return false;
  calls[bit >> 3]! |= 1 << (bit & 7);
  return true;
}

/** When all is done V8 tells the code of what was run; where the words were not right that is not what people run. */
function keeping(script: Script, cache: string, build: string, calls: Uint8Array): (exitCode: number) => void {
  // Flags that are set meanwhile are of no matter for bytecode, and not there when the next run begins
  const flags = new Script('0').createCachedData().readUInt32LE(FLAGS_AT);
  return (exitCode) => {
    if (exitCode === BAD_INPUT) return;
    const code = script.createCachedData();
    code.writeUInt32LE(flags, FLAGS_AT);
    const copy = summedBytes(code.length);
    if (copy === undefined) return;
    copy.bytes.set(code);
    keep(cache, [Buffer.from(headOf(build, copy.sum(0)), 'latin1'), calls, code]);
    tidy(dirname(cache));
  };
}

/** Where the compiled code of a bundle is kept. */
function cacheFile(path: string, env: NodeJS.ProcessEnv, command: string): string | undefined {
  const known = /^[a-z][a-z-]{1,20}$/.test(command);
  const folder = env.NODE_DISABLE_COMPILE_CACHE || !known ? undefined : cacheFolder(env);
  return folder && join(folder, `${basename(path)}-${command}-${process.version}-${process.arch}-${hashOf(path)}`);
}

/** One file for each command and place where we are installed: a new version takes that of the old one. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16);
}

/** @returns undefined where there is none, or of another build, or broken */
function read(cache: string, build: string): Kept | undefined {
  const kept = openKept(cache);
  if (kept === undefined) return undefined;
  try {
    const summed = summedBytes(kept.size);
    if (summed === undefined || readSync(kept.file, summed.bytes) < kept.size) return undefined;
    const { bytes } = summed;
    const head = bytes.toString('latin1', 0, BUILD_BYTES + SUM_BYTES);
    if (head !== headOf(build, summed.sum(HEAD_BYTES))) return undefined;
    const calls = Uint8Array.from(bytes.subarray(BUILD_BYTES + SUM_BYTES, HEAD_BYTES));
    return { code: bytes.subarray(HEAD_BYTES), calls };
  } catch {
    return undefined;
  } finally {
    closeSync(kept.file);
  }
}

function headOf(build: string, sum: string): string {
  return build.padEnd(BUILD_BYTES) + sum;
}
