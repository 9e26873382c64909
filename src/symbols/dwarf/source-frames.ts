import { type DebugData, IN_A_ROW } from './debug-data.ts';
import { DwarfError } from './dwarf-error.ts';
import { type FunctionName, FunctionNames } from './function-names.ts';
import { LineFiles } from './line-header.ts';
import { type AddressLines, linesOf } from './line-program.ts';
import { type Scope, ScopeFinder } from './scopes.ts';
import type { SectionReader } from './section-reader.ts';
import type { Unit } from './unit.ts';
import { Units } from './units.ts';

/** A function at an address, and where in its source. */
export interface SourceFrame extends FunctionName {
  /** '' = unknown. */
  readonly file: string;
  /** 0 = unknown. */
  readonly line: number;
}

export interface SourceFrames {
  /** Of each address the function and what was inlined there, outermost first; none where nothing is known. */
  readonly frames: readonly (readonly SourceFrame[])[];
  /** What of the file is broken, and cost some of them. */
  readonly broken: string | undefined;
  /** Files that the compiler put the functions of some addresses into (.dwo), and that are not here. */
  readonly missing: readonly string[];
  /** Whether names may be missing because a file that dwz made is not here. */
  readonly withoutShared: boolean;
}

/** Real programs have some 60 at one place. */
const MOST_INLINED = 1 << 9;
const NONE: readonly SourceFrame[] = [];

/**
 * What debug information says of addresses. Only units that hold one are read.
 * @param addresses ascending, each once, as symbol tables have them
 */
export function sourceFrames(data: DebugData, addresses: Float64Array): SourceFrames {
  return new SourceFrameFinder(data, addresses).result();
}

/** The entries of a unit: in its own file, or in one that was split off. */
interface Entries {
  readonly unit: Unit;
  readonly units: Units;
  readonly names: FunctionNames;
  /** For walks over them. */
  readonly reader: SectionReader;
}

class SourceFrameFinder {
  private readonly data: DebugData;
  private readonly addresses: Float64Array;
  private readonly units: Units;
  private readonly frames = new Map<number, readonly SourceFrame[]>();
  /** Addresses whose functions are found; of others the line may be. */
  private readonly found = new Set<number>();
  /** Those of all units that were not split. */
  private own: Omit<Entries, 'unit'> | undefined;
  private broken: string | undefined;
  private readonly missing: string[] = [];
  private withoutShared = false;

  constructor(data: DebugData, addresses: Float64Array) {
    this.data = data;
    this.addresses = addresses;
    this.units = new Units(data);
  }

  result(): SourceFrames {
    this.attempt(() => {
      const isLeft = (address: number): boolean => !this.found.has(address);
      for (const [unit, addresses] of this.units.withCode(this.addresses, isLeft)) this.unit(unit, addresses);
    });
    const { missing, withoutShared } = this;
    const broken = this.broken ?? this.units.broken;
    const frames = Array.from(this.addresses, (address) => this.frames.get(address) ?? NONE);
    return { frames, broken, missing, withoutShared };
  }

  /** Goes on without what is broken. */
  private attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!(error instanceof DwarfError)) throw error;
      this.broken ??= error.message;
    }
  }

  private unit(unit: Unit, addresses: Float64Array): void {
    let files: LineFiles | undefined;
    let lines: AddressLines | undefined;
    if (unit.statements >= 0) {
      this.attempt(() => {
        files = new LineFiles(unit);
        lines = linesOf(this.data, files.header, addresses);
      });
    }
    const pathOf = (number: number): string => (number < 0 ? '' : (files?.path(number) ?? ''));
    const entries = this.entriesOf(unit);
    const scopes =
      entries && new ScopeFinder(entries.unit, entries.reader, entries.units.abbreviations(entries.unit), addresses);
    if (scopes !== undefined) this.attempt(() => scopes.find());
    addresses.forEach((address, i) => {
      const scope = scopes?.innermost[i];
      if (scope !== undefined) this.found.add(address);
      else if (this.frames.has(address)) return;
      this.attempt(() => {
        const place = { file: pathOf(lines?.file[i] ?? -1), line: Math.max(0, lines?.line[i] ?? 0) };
        this.frames.set(address, chain(scope, place, entries, pathOf));
      });
    });
    if (entries === undefined) return;
    this.withoutShared ||= entries.names.withoutShared;
    this.broken ??= entries.names.broken;
    if (entries.units !== this.units) entries.units.data.close();
  }

  /** @returns undefined where they are in a file that is not here */
  private entriesOf(unit: Unit): Entries | undefined {
    if (unit.dwoName === '') {
      this.own ??= {
        units: this.units,
        names: new FunctionNames(this.units),
        reader: this.data.reader('info', IN_A_ROW),
      };
      return { unit, ...this.own };
    }
    const data = this.data.others.openSplit?.(unit.dwoName, unit.folder, unit.id);
    if (data !== undefined) {
      const units = new Units(data, unit);
      let split: Unit | undefined;
      this.attempt(() => {
        split = units.splitOff();
      });
      if (split !== undefined) {
        return { unit: split, units, names: new FunctionNames(units), reader: data.reader('info', IN_A_ROW) };
      }
      data.close();
    }
    this.missing.push(unit.dwoName);
    return undefined;
  }
}

/** The frames at a place, outermost first. @param place of the innermost */
function chain(
  innermost: Scope | undefined,
  place: { readonly file: string; readonly line: number },
  entries: Entries | undefined,
  pathOf: (number: number) => string,
): readonly SourceFrame[] {
  if (innermost === undefined || entries === undefined) {
    return place.file === '' && place.line === 0 ? NONE : [{ linked: '', plain: '', ...place }];
  }
  const frames: SourceFrame[] = [];
  let { file, line } = place;
  for (let scope: Scope | undefined = innermost; scope !== undefined; scope = scope.caller) {
    if (frames.length === MOST_INLINED) throw new DwarfError('functions inlined into one another without end');
    frames.push({ ...entries.names.at(entries.unit.data, scope.offset), file, line });
    file = pathOf(scope.callFile);
    line = scope.callLine;
  }
  return frames.reverse();
}
