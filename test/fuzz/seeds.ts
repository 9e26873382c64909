import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { decompress } from 'fzstd';
import { packageRoot } from '../../src/package-root.ts';

/** Of larger ones no part is looked for. */
const LARGEST = 64 * 1024;
const MOST = 40;
const FOLDERS = ['fixtures', '../shared/peer-data'];
/** Results of other tools beside the inputs, not inputs. */
const NOT_INPUT = /^criterion\/(?!.*\.stdout)|\.(?:golden|totals|cmd|err|md|sh|c|cpp|rs|mjs|cjs|js|toml|DS_Store)$/;

/** Small recordings of the repository, and where they lie beside it those of other tools: name and bytes, inflated. */
export function smallFiles(under = ''): { readonly name: string; readonly bytes: Buffer }[] {
  const files: { name: string; bytes: Buffer }[] = [];
  for (const folder of FOLDERS) {
    const root = join(packageRoot(), folder, under);
    if (!existsSync(root)) continue;
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
      const path = join(root, name);
      const stat = statSync(path, { throwIfNoEntry: false });
      if (NOT_INPUT.test(name) || !stat?.isFile() || stat.size > LARGEST || stat.size === 0) continue;
      const bytes = inflated(readFileSync(path));
      if (bytes !== undefined && bytes.length > 0 && bytes.length <= LARGEST) files.push({ name, bytes });
    }
  }
  return files;
}

/** Some of many, evenly over their sizes. */
export function someOf(seeds: readonly Buffer[]): Buffer[] {
  const sorted = [...seeds].sort((a, b) => a.length - b.length);
  const step = Math.max(1, sorted.length / MOST);
  return Array.from({ length: Math.min(MOST, sorted.length) }, (_, i) => sorted[Math.floor(i * step)]!);
}

/** The first bytes of a fixture that is larger, up to a line's end. */
export function headOf(fixture: string, bytes: number): Buffer {
  const all = inflated(readFileSync(join(packageRoot(), 'fixtures', fixture)))!;
  return all.subarray(0, all.lastIndexOf('\n', bytes) + 1);
}

function inflated(bytes: Buffer): Buffer | undefined {
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return gunzipSync(bytes);
    if (bytes.readUInt32LE(0) === 0xfd2fb528) return Buffer.from(decompress(bytes));
    return bytes;
  } catch {
    return undefined;
  }
}
