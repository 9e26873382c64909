import { statSync } from 'node:fs';
import { findTool } from '../../processes/executables.ts';
import type { Notes } from '../format.ts';
import { locate } from './addr2line.ts';
import { symbolAddresses } from './symbol-addresses.ts';

/** A function at a place, as the debug information of a binary names it. */
export interface Location {
  readonly name: string;
  /** `file.c:12`; `??:0` where it is unknown. */
  readonly source: string;
}

export interface LocateOptions {
  /** Files go without their folders. */
  readonly baseNames: boolean;
  /** The symbols that perf prints are demangled: compare them with such names. */
  readonly demangled: boolean;
}

/** A frame of perf: an address in a module, and the symbol there with its offset. */
interface CodePlace {
  readonly address: string;
  readonly symbol: string;
  readonly module: string;
}

/** Places in binaries of this machine whose inlined functions are asked for, all at once when reading is done. */
export class CodePlaces {
  private readonly places: CodePlace[] = [];

  get length(): number {
    return this.places.length;
  }

  add(place: CodePlace): void {
    this.places.push(place);
  }

  /**
   * The functions at each place, outermost first; undefined where nothing is known of it. An address that means
   * nothing to its module (a shared library's, as it was loaded) is looked up as symbol and offset.
   * @param notes gets what is missing
   */
  async resolve(notes: Notes, options: LocateOptions): Promise<(readonly Location[] | undefined)[]> {
    const addr2line = findTool('addr2line');
    if (addr2line === undefined) {
      if (this.length > 0) notes.add('addr2line is not installed: no inlined functions are found (install binutils)');
      return this.places.map(() => undefined);
    }
    const byModule = new Map<string, number[]>();
    this.places.forEach(({ module }, i) => {
      const indexes = byModule.get(module);
      if (indexes) indexes.push(i);
      else byModule.set(module, [i]);
    });
    const found: (readonly Location[] | undefined)[] = this.places.map(() => undefined);
    const missing: string[] = [];
    for (const [module, indexes] of byModule) {
      if (!isFile(module)) missing.push(module);
      else await this.resolveModule(addr2line, module, indexes, found, notes, options);
    }
    if (missing.length > 0) {
      const names =
        missing.length > 3 ? `${missing.slice(0, 3).join(', ')} and ${missing.length - 3} more` : missing.join(', ');
      notes.add(`binaries that are not on this machine, so that their inlined functions are not found: ${names}`);
    }
    return found;
  }

  private async resolveModule(
    addr2line: string,
    module: string,
    indexes: readonly number[],
    found: (readonly Location[] | undefined)[],
    notes: Notes,
    options: LocateOptions,
  ): Promise<void> {
    const at = async (addresses: readonly string[]) => locate(addr2line, module, addresses, notes, options);
    const direct = await at(indexes.map((i) => this.places[i]!.address));
    indexes.forEach((i, n) => {
      found[i] = direct[n];
    });
    const lost = indexes.filter((i) => found[i]?.some(isUnknown));
    const offsets = lost.map((i) => /^(.+)\+0x([0-9a-f]{1,12})$/s.exec(this.places[i]!.symbol));
    const wanted = new Set(offsets.flatMap((match) => (match ? [match[1]!] : [])));
    if (wanted.size === 0) return;
    const starts = await symbolAddresses(module, wanted, options.demangled);
    const again = lost.flatMap((i, n) => {
      const start = starts.get(offsets[n]?.[1] ?? '');
      return start === undefined ? [] : [{ i, address: (start + BigInt(`0x${offsets[n]![2]}`)).toString(16) }];
    });
    const second = await at(again.map(({ address }) => address));
    again.forEach(({ i }, n) => {
      found[i] = second[n];
    });
  }
}

function isUnknown({ name, source }: Location): boolean {
  return name === '??' && source.startsWith('??:0');
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
