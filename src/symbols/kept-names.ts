import { closeSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, keep, openKept } from '../cache-folder.ts';
import { summedBytes } from '../checksum.ts';
import { packageRoot } from '../package-root.ts';

/** Most names that are kept, how long each may be, and all together: characters. */
const MOST = 8_192;
const LONGEST = 2_048;
const LARGEST = 1 << 20;

/**
 * Names that were demangled before: a line of text each, the mangled name, a tab, the readable one; before them which
 * demangler they are of, and their checksum, as a disk that was cut off may leave anything. The demangler that knows
 * all of C++ and Rust has to be compiled first, which takes longer than all else that is done for the names of a program;
 * and whoever measures a program measures it again.
 */
export class KeptNames {
  private readonly path: string;
  /** Which demangler they are of. */
  private readonly head: string;
  /** Read when the first name is asked for. */
  private known: ReadonlyMap<string, string> | undefined;
  private readonly used = new Map<string, string>();
  private added = 0;

  constructor(path: string, demangler: string) {
    this.path = path;
    this.head = `names 3 ${demangler}`;
  }

  private get before(): ReadonlyMap<string, string> {
    this.known ??= read(this.path, this.head);
    return this.known;
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
    this.added = 0;
    const text = lines.join('');
    const summed = summedBytes(Buffer.byteLength(text));
    if (summed === undefined) return;
    summed.bytes.write(text);
    keep(this.path, [Buffer.from(headOf(this.head, summed.sum(0))), summed.bytes]);
  }
}

function headOf(demangler: string, sum: string): string {
  return `${demangler} ${sum}\n`;
}

function read(path: string, demangler: string): Map<string, string> {
  const names = new Map<string, string>();
  const kept = openKept(path);
  if (kept === undefined) return names;
  try {
    const summed = summedBytes(Math.min(kept.size, LARGEST * 4));
    if (summed === undefined || readSync(kept.file, summed.bytes) < kept.size) return names;
    const start = summed.bytes.indexOf('\n') + 1;
    if (summed.bytes.toString('utf8', 0, start) !== headOf(demangler, summed.sum(start))) return names;
    const text = summed.bytes.toString('utf8', start);
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
