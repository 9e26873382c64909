import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { firstFrom } from './bisect.ts';
import { debugPlaces, sameBuildId } from './debug-file.ts';
import { buildIdOfNotes } from './elf-build-id.ts';
import { addressAt, endOfLine, type KallsymsLine, lineAt, readKallsyms, startOfLine } from './kallsyms.ts';

export interface KernelSymbolOptions {
  /** Of the recorded kernel, lower-case hex; '' or none = the one that runs. */
  readonly buildId?: string;
  /** Where `_text` or `_stext` was when it was recorded (the mapping `[kernel.kallsyms]_text`), negative like addresses. */
  readonly reference?: { readonly name: string; readonly address: number };
  /** Instead of ~/.debug. */
  readonly debugFolders?: readonly string[];
  /** Instead of /proc/kallsyms. */
  readonly list?: string;
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
/** The symbols of the kernel that runs. */
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
  const path = options.list ?? listFor(options);
  const bytes = path === undefined ? undefined : cachedList(path);
  if (bytes === undefined || bytes.length === 0) return none;
  const modulesAt = firstModule(bytes);
  const core = bytes.subarray(0, modulesAt);
  const lastAt = startOfLine(core, Math.max(0, core.length - 1));
  if (addressAt(core, lastAt) === 0) return { ...none, restricted: true };
  const shift = shiftOf(core, options.reference);
  const found = Array.from(addresses, (address) => coreSymbol(core, address + shift));
  if (modulesAt < bytes.length) moduleSymbols(bytes.subarray(modulesAt), addresses, shift, found);
  for (const [i, line] of found.entries()) {
    if (line !== undefined && addresses[i]! + shift - line.address > MAX_REACH) found[i] = undefined;
  }
  return {
    names: found.map((line) => line?.name ?? ''),
    modules: found.map((line) => line?.module || KERNEL),
    restricted: false,
  };
}

/** Reads the running kernel's list beforehand, in the background. */
export async function fetchKernelSymbols(): Promise<void> {
  const bytes = await readFile(RUNNING).catch(() => undefined);
  if (bytes !== undefined && !lists.has(RUNNING)) lists.set(RUNNING, bytes);
}

function cachedList(path: string): Buffer | undefined {
  const bytes = lists.get(path) ?? readKallsyms(path);
  if (bytes !== undefined) lists.set(path, bytes);
  return bytes;
}

/** The list of the recorded kernel; undefined when it is another than the one that runs and no copy of it is here. */
function listFor({ buildId = '', debugFolders }: KernelSymbolOptions): string | undefined {
  if (buildId === '' || sameBuildId(runningBuildId(), buildId)) return RUNNING;
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

/** The symbol of the kernel itself with the last address that is not above one. */
function coreSymbol(core: Buffer, address: number): KallsymsLine | undefined {
  let low = 0;
  let high = core.length;
  // Addresses of per-CPU variables come first and are small; as those of the upper half are negative, they count as less.
  const isAfter = (at: number): boolean => {
    const found = addressAt(core, at);
    return found < 0 && found > address;
  };
  while (low < high) {
    const at = startOfLine(core, (low + high) >>> 1);
    if (isAfter(at)) high = at;
    else low = endOfLine(core, at) + 1;
  }
  // `low` is the start of the first line after the address. Of several names of one address perf takes the last.
  for (let end = low; end > 0; ) {
    const start = startOfLine(core, end - 1);
    const line = lineAt(core, start);
    if (line === undefined || line.address >= 0) return undefined;
    if (isCode(line)) return line;
    end = start;
  }
  return undefined;
}

/** perf takes what nm(1) calls T, W, D, B, also in small. */
const isCode = ({ type, name }: KallsymsLine): boolean => /[TWDB]/i.test(type) && !name.startsWith('$');

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
