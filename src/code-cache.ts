import { closeSync, readFileSync, readSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';
import { cacheFolder, keep, openKept } from './cache-folder.ts';

/** What a bundle evaluates to: a CommonJS module as node wraps one. */
type Wrapped = (exports: object, require: NodeJS.Require, module: object, filename: string, dirname: string) => void;

/** Before the compiled code stand the build and a checksum, which V8 does not make; it wants the code at a multiple of 8. */
const HEAD_BYTES = 24;

/**
 * Runs a bundle of ours, compiled before where that may be. To parse and compile functions takes longer than to run most
 * of them once: so the first start of a build compiles all of them and keeps V8's code in the user's folder for caches
 * (`$XDG_CACHE_HOME`, else `~/.cache`). V8 itself refuses the code of another version, or of other flags.
 * @param path of a script that evaluates to a function of `exports, require, module, __filename, __dirname`; ASCII
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
  const source = readFileSync(path, 'latin1');
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
  const code = script.createCachedData();
  keep(cache, [Buffer.from(headOf(build, code)), code]);
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

/** Where the compiled code of a bundle is kept. */
function cacheFile(path: string, env: NodeJS.ProcessEnv): string | undefined {
  // The first releases of node 20 have no checksum
  const folder = env.NODE_DISABLE_COMPILE_CACHE || crc32 === undefined ? undefined : cacheFolder(env);
  return folder && join(folder, `${basename(path)}-${process.version}-${process.arch}-${hashOf(path)}`);
}

/** One file for each place where we are installed: a new version takes that of the old one. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16);
}

/** @returns undefined where there is none, or of another build, or broken */
function read(cache: string, build: string): Buffer | undefined {
  const kept = openKept(cache);
  if (kept === undefined) return undefined;
  try {
    const bytes = Buffer.allocUnsafeSlow(kept.size);
    if (readSync(kept.file, bytes) < kept.size) return undefined;
    const code = bytes.subarray(HEAD_BYTES);
    return bytes.toString('latin1', 0, HEAD_BYTES) === headOf(build, code) ? code : undefined;
  } catch {
    return undefined;
  } finally {
    closeSync(kept.file);
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
