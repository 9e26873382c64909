import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache-folder.ts';
import { firstFrom } from './bisect.ts';
import { debugPlaces, sameBuildId } from './debug-file.ts';
import { buildIdOfNotes } from './elf-build-id.ts';
import {
  addressAt,
  coreSymbol,
  endOfLine,
  isCode,
  type KallsymsLine,
  lineAt,
  readKallsyms,
  startOfLine,
} from './kallsyms.ts';
import { isKept, keepSymbols, keptSymbols } from './kept-kallsyms.ts';

export interface KernelSymbolOptions {
  /** Of the recorded kernel, lower-case hex; '' or none = the one that runs. */
  readonly buildId?: string;
  /** Where `_text` or `_stext` was when it was recorded (the mapping `[kernel.kallsyms]_text`), negative like addresses. */
  readonly reference?: { readonly name: string; readonly address: number };
  /** Instead of ~/.debug. */
  readonly debugFolders?: readonly string[];
  /** Instead of /proc/kallsyms. */
  readonly list?: string;
  /** Where a copy of /proc/kallsyms is kept, instead of the user's folder for caches. */
  readonly keptIn?: string;
}

export interface KernelNames {
  /** For each address; '' where none is known. */
  readonly names: string[];
  /** `[kernel.kallsyms]` or a module, `[ext4]`. */
  readonly modules: string[];
  /** The kernel hides its addresses (`kernel.kptr_restrict`): run as root or set it to 0. */
  readonly restricted: boolean;
}

const KERNEL = '[kernel.kallsyms]';
const RUNNING = '/proc/kallsyms';

/** The lists that were read, by path: to read one costs 40 ms, and a kernel does not change its own. */
const lists = new Map<string, Buffer>();

/**
 * Names addresses of the kernel by its own list of symbols, or by the copy that `perf record` keeps in ~/.debug when the
 * recorded kernel is another than the one that runs. The list is bisected as it stands, sorted by address; only modules,
 * which come behind in no order, are read through.
 * @param addresses negative, ascending: `(hi - 2^32) * 2^32 + lo`
 */
export function kernelSymbols(addresses: Float64Array, options: KernelSymbolOptions = {}): KernelNames {
  const none = {
    names: Array.from(addresses, () => ''),
    modules: Array.from(addresses, () => KERNEL),
    restricted: false,
  };
  if (addresses.length === 0) return none;
  const running = runningBuildId();
  const path = options.list ?? listFor(options, running);
  const kept = path === RUNNING && !lists.has(path) ? keptList(options) : undefined;
  const known = kept === undefined ? undefined : keptSymbols(kept, running, addresses, options.reference);
  if (known !== undefined) return namesOf(known.found, addresses, known.shift);
  const bytes = path === undefined ? undefined : cachedList(path);
  if (bytes === undefined || bytes.length === 0) return none;
  const modulesAt = firstModule(bytes);
  const core = bytes.subarray(0, modulesAt);
  const lastAt = startOfLine(core, Math.max(0, core.length - 1));
  if (addressAt(core, lastAt) === 0) return { ...none, restricted: true };
  if (kept !== undefined && !isKept(kept, running, core.length)) keepSymbols(kept, running, core);
  const shift = shiftOf(core, options.reference);
  const found = Array.from(addresses, (address) => coreSymbol(core, address + shift));
  if (modulesAt < bytes.length) moduleSymbols(bytes.subarray(modulesAt), addresses, shift, found);
  return namesOf(found, addresses, shift);
}

/**
 * The kernel calls what it leaves free before a function `__pfx_` and its name (Linux 6.2, CONFIG_FUNCTION_PADDING_BYTES).
 * Nothing runs there: an indirect call through a thunk returns to the very first byte of its target, and return addresses
 * are looked up a byte before.
 */
const PADDING = /^__pfx_/;

function namesOf(found: readonly (KallsymsLine | undefined)[], addresses: Float64Array, shift: number): KernelNames {
  const near = found.map((line, i) =>
    line !== undefined && addresses[i]! + shift - line.address <= MAX_REACH ? line : undefined,
  );
  return {
    names: near.map((line) => line?.name.replace(PADDING, '') ?? ''),
    modules: near.map((line) => line?.module || KERNEL),
    restricted: false,
  };
}

function keptList({ keptIn = cacheFolder(process.env) }: KernelSymbolOptions): string | undefined {
  return keptIn === undefined ? undefined : join(keptIn, 'kernel-symbols');
}

function cachedList(path: string): Buffer | undefined {
  const bytes = lists.get(path) ?? readKallsyms(path);
  if (bytes !== undefined) lists.set(path, bytes);
  return bytes;
}

/** The list of the recorded kernel; undefined when it is another than the one that runs and no copy of it is here. */
function listFor({ buildId = '', debugFolders }: KernelSymbolOptions, running: string): string | undefined {
  if (buildId === '' || sameBuildId(running, buildId)) return RUNNING;
  for (const folder of debugPlaces('', debugFolders).folders) {
    const path = join(folder, KERNEL, buildId, 'kallsyms');
    if (cachedList(path) !== undefined) return path;
  }
  return undefined;
}

function runningBuildId(): string {
  try {
    return buildIdOfNotes(readFileSync('/sys/kernel/notes'));
  } catch {
    return '';
  }
}

/** How far the list's kernel was put from where the recorded one was (KASLR), told by one symbol's address in both. */
function shiftOf(core: Buffer, reference: KernelSymbolOptions['reference']): number {
  if (reference === undefined) return 0;
  const at = core.indexOf(` ${reference.name}\n`);
  return at === -1 ? 0 : addressAt(core, startOfLine(core, at)) - reference.address;
}

/** Where the symbols of modules begin. */
function firstModule(bytes: Buffer): number {
  const tab = bytes.indexOf(9);
  return tab === -1 ? bytes.length : startOfLine(bytes, tab);
}

/** No function is longer; what lies farther behind a symbol belongs to none. */
const MAX_REACH = 1 << 20;

/** Names what lies in modules: whatever is nearer to an address than the symbol of the kernel itself that was found. */
function moduleSymbols(
  bytes: Buffer,
  addresses: Float64Array,
  shift: number,
  found: (KallsymsLine | undefined)[],
): void {
  // For each address the last symbol between the address before it and itself.
  const nearest: (KallsymsLine | undefined)[] = [];
  for (let at = 0; at < bytes.length; at = endOfLine(bytes, at) + 1) {
    const address = addressAt(bytes, at);
    const slot = firstFrom(addresses, address - shift);
    const best = nearest[slot];
    if (slot === addresses.length || (best !== undefined && best.address > address)) continue;
    const line = lineAt(bytes, at);
    if (line !== undefined && isCode(line)) nearest[slot] = line;
  }
  let last: KallsymsLine | undefined;
  for (const [i, core] of found.entries()) {
    last = nearest[i] ?? last;
    if (last !== undefined && (core === undefined || last.address > core.address)) found[i] = last;
  }
}
