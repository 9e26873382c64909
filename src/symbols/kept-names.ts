import { closeSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, keep, openKept } from '../cache-folder.ts';
import { packageRoot } from '../package-root.ts';
import { crcOf } from './crc.ts';

/** Most names that are kept, how long each may be, and all together: characters. */
const MOST = 8_192;
const LONGEST = 2_048;
const LARGEST = 1 << 20;

/**
 * Names that were demangled before: a line of text each, the mangled name, a tab, the readable one; before them which
 * demangler they are of, and their CRC-32, as a disk that was cut off may leave anything. The demangler that knows
 * all of C++ and Rust has to be compiled first, which takes longer than all else that is done for the names of a program;
 * and whoever measures a program measures it again.
 */
export class KeptNames {
  private readonly path: string;
  /** Which demangler they are of. */
  private readonly head: string;
  private readonly before: ReadonlyMap<string, string>;
  private readonly used = new Map<string, string>();
  private added = 0;

  constructor(path: string, demangler: string) {
    this.path = path;
    this.head = `names 2 ${demangler}`;
    this.before = read(path, this.head);
  }

  /** Those of the user; what is new is kept when the process ends. @returns undefined where nothing can be kept */
  static ofUser(env: NodeJS.ProcessEnv): KeptNames | undefined {
    const folder = cacheFolder(env);
    const demangler = statSync(join(packageRoot(), 'dist/demangler.wasm'), { throwIfNoEntry: false });
    if (folder === undefined || demangler === undefined) return undefined;
    const names = new KeptNames(join(folder, 'names'), `${demangler.size} ${demangler.mtimeMs}`);
    process.once('exit', () => names.keep());
    return names;
  }

  get(mangled: string): string | undefined {
    const readable = this.before.get(mangled);
    if (readable !== undefined) this.used.set(mangled, readable);
    return readable;
  }

  add(mangled: string, readable: string): void {
    if (mangled.length + readable.length > LONGEST || /[\u0000-\u001f\ufffd]/.test(mangled + readable)) return;
    this.used.set(mangled, readable);
    this.added++;
  }

  /** Writes them where there are new ones; where there are too many those go that were not used now. */
  keep(): void {
    if (this.added === 0) return;
    const lines: string[] = [];
    let length = 0;
    for (const names of [this.used, this.before]) {
      for (const [mangled, readable] of names) {
        if (names === this.before && this.used.has(mangled)) continue;
        length += mangled.length + readable.length + 2;
        if (lines.length === MOST || length > LARGEST) break;
        lines.push(`${mangled}\t${readable}\n`);
      }
    }
    const bytes = Buffer.from(lines.join(''));
    keep(this.path, [Buffer.from(headOf(this.head, bytes)), bytes]);
    this.added = 0;
  }
}

function headOf(demangler: string, names: Uint8Array): string {
  return `${demangler} ${crcOf(names).toString(16)}\n`;
}

function read(path: string, demangler: string): Map<string, string> {
  const names = new Map<string, string>();
  const kept = openKept(path);
  if (kept === undefined) return names;
  try {
    const bytes = Buffer.alloc(Math.min(kept.size, LARGEST * 4));
    const whole = bytes.subarray(0, readSync(kept.file, bytes));
    const lines = whole.subarray(whole.indexOf('\n') + 1);
    if (whole.toString('utf8', 0, whole.length - lines.length) !== headOf(demangler, lines)) return names;
    const text = lines.toString();
    for (let at = 0; at < text.length; ) {
      const tab = text.indexOf('\t', at);
      const end = text.indexOf('\n', tab);
      names.set(text.slice(at, tab), text.slice(tab + 1, end));
      at = end + 1;
    }
    return names;
  } catch {
    return names;
  } finally {
    closeSync(kept.file);
  }
}
