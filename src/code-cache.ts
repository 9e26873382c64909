import * as fs from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/** What a bundle evaluates to: a CommonJS module as node wraps one. */
type Wrapped = (exports: object, require: NodeJS.Require, module: object, filename: string, dirname: string) => void;

/** Before the compiled code stand the build and a checksum, which V8 does not make; it wants the code at a multiple of 8. */
const HEAD_BYTES = 24;

/**
 * Runs a bundle of ours, compiled before where that may be. To parse and compile functions takes longer than to run most
 * of them once: so the first start of a build compiles all of them and keeps V8's code in the user's folder for caches
 * (`$XDG_CACHE_HOME`, else `~/.cache`). V8 itself refuses the code of another version, or of other flags.
 * @param path of a script that evaluates to a function of `exports, require, module, __filename, __dirname`; Latin-1
 * @param build tells this build from all others; ASCII, at most 16 characters
 * @param require finds node's modules for it
 * @returns what it exports
 */
export function loadCompiled(
  path: string,
  build: string,
  require: NodeJS.Require,
  env: NodeJS.ProcessEnv = process.env,
): unknown {
  const source = fs.readFileSync(path, 'latin1');
  const module = { exports: {} };
  const run = compiled(source, path, build, cacheFile(path, env)).runInThisContext() as Wrapped;
  run(module.exports, require, module, path, dirname(path));
  return module.exports;
}

function compiled(source: string, path: string, build: string, cache: string | undefined): Script {
  if (cache === undefined) return new Script(source, { filename: path });
  const cachedData = read(cache, build);
  if (cachedData !== undefined) {
    const script = new Script(source, { filename: path, cachedData });
    if (!script.cachedDataRejected) return script;
  }
  const script = compiledWhole(source, path);
  keep(cache, build, script.createCachedData());
  return script;
}

/** With all its functions, which V8 otherwise compiles when they are first called. */
function compiledWhole(source: string, path: string): Script {
  setFlagsFromString('--no-lazy');
  try {
    return new Script(source, { filename: path });
  } finally {
    setFlagsFromString('--lazy');
  }
}

/** Where the compiled code of a bundle is kept: in a folder of who runs us, which `sudo` may leave that of another user. */
function cacheFile(path: string, { XDG_CACHE_HOME, HOME, NODE_DISABLE_COMPILE_CACHE }: NodeJS.ProcessEnv) {
  const home = XDG_CACHE_HOME || HOME;
  // The first releases of node 20 have no checksum
  if (NODE_DISABLE_COMPILE_CACHE || crc32 === undefined) return undefined;
  if (home === undefined || !isAbsolute(home) || !isOurs(home)) return undefined;
  const folder = join(home, XDG_CACHE_HOME ? '' : '.cache', 'pforge-prof');
  return join(folder, `${basename(path)}-${process.version}-${process.arch}-${hashOf(path)}`);
}

/** One file for each place where we are installed: a new version takes that of the old one. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16);
}

function isOurs(folder: string): boolean {
  return fs.statSync(folder, { throwIfNoEntry: false })?.uid === process.geteuid?.();
}

/**
 * Whoever wrote it can make us run anything: so nobody else may.
 * @returns undefined where there is none, or of another build, or not ours
 */
function read(cache: string, build: string): Buffer | undefined {
  let file: number | undefined;
  try {
    const opened = fs.openSync(cache, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
    file = opened;
    const { uid, mode, size } = fs.fstatSync(opened);
    if (uid !== process.geteuid?.() || (mode & 0o022) !== 0) return undefined;
    const bytes = Buffer.allocUnsafeSlow(size);
    if (fs.readSync(opened, bytes) < size) return undefined;
    const code = bytes.subarray(HEAD_BYTES);
    return bytes.toString('latin1', 0, HEAD_BYTES) === headOf(build, code) ? code : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}

function headOf(build: string, code: Buffer): string {
  return (
    build.padEnd(16) +
    crc32(code)
      .toString(16)
      .padStart(HEAD_BYTES - 16)
  );
}

/** Without a word where that cannot be done: it is nothing but slower then. */
function keep(cache: string, build: string, code: Buffer): void {
  const unfinished = `${cache}.${process.pid}`;
  try {
    fs.mkdirSync(dirname(cache), { recursive: true, mode: 0o700 });
    fs.writeFileSync(unfinished, Buffer.concat([Buffer.from(headOf(build, code)), code]), { flag: 'wx', mode: 0o600 });
    fs.renameSync(unfinished, cache);
  } catch {
    try {
      fs.rmSync(unfinished);
    } catch {
      // It was not there.
    }
  }
}
