import { UNIT_TYPE } from './codes.ts';
import { type DebugData, IN_A_ROW } from './debug-data.ts';
import { DwarfError } from './dwarf-error.ts';
import { type FunctionName, FunctionNames } from './function-names.ts';
import { LineFiles } from './line-header.ts';
import { linesOf } from './line-program.ts';
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
  /** A file that the compiler put the functions of some addresses into, which is not read. */
  readonly splitInto: string | undefined;
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

class SourceFrameFinder {
  private readonly data: DebugData;
  private readonly addresses: Float64Array;
  private readonly units: Units;
  private readonly names: FunctionNames;
  private readonly frames = new Map<number, readonly SourceFrame[]>();
  /** The bytes of code of the function at an address. */
  private readonly extent = new Map<number, number>();
  private reader: SectionReader | undefined;
  private broken: string | undefined;
  private splitInto: string | undefined;

  constructor(data: DebugData, addresses: Float64Array) {
    this.data = data;
    this.addresses = addresses;
    this.units = new Units(data);
    this.names = new FunctionNames(this.units);
  }

  result(): SourceFrames {
    this.attempt(() => {
      for (const [unit, addresses] of this.units.withCode(this.addresses)) this.unit(unit, addresses);
    });
    const { broken, splitInto, names } = this;
    const frames = Array.from(this.addresses, (address) => this.frames.get(address) ?? NONE);
    return { frames, broken, splitInto, withoutShared: names.withoutShared };
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
    const file = new Int32Array(addresses.length).fill(-1);
    const line = new Int32Array(addresses.length);
    if (unit.statements >= 0) {
      this.attempt(() => {
        files = new LineFiles(unit);
        const lines = linesOf(this.data, files.header, addresses);
        file.set(lines.file);
        line.set(lines.line);
      });
    }
    this.reader ??= this.data.reader('info', IN_A_ROW);
    const scopes = new ScopeFinder(unit, this.reader, this.units.abbreviations(unit), addresses);
    if (unit.header.type === UNIT_TYPE.skeleton || unit.dwoName !== '') this.splitInto ??= unit.dwoName || unit.folder;
    else this.attempt(() => scopes.find());
    addresses.forEach((address, i) => {
      const scope = scopes.innermost[i];
      const extent = scope === undefined ? Number.POSITIVE_INFINITY : scopes.extent[i]!;
      const known = this.extent.get(address);
      if (known !== undefined && known <= extent) return;
      this.extent.set(address, extent);
      const pathOf = (number: number): string => (number < 0 ? '' : (files?.path(number) ?? ''));
      this.attempt(() => this.frames.set(address, this.chain(scope, file[i]!, line[i]!, pathOf)));
    });
  }

  private chain(
    innermost: Scope | undefined,
    file: number,
    line: number,
    pathOf: (number: number) => string,
  ): readonly SourceFrame[] {
    const place = { file: pathOf(file), line: Math.max(0, line) };
    if (innermost === undefined)
      return place.file === '' && place.line === 0 ? NONE : [{ linked: '', plain: '', ...place }];
    const frames: SourceFrame[] = [];
    for (let scope: Scope | undefined = innermost; scope !== undefined; scope = scope.caller) {
      if (frames.length === MOST_INLINED) throw new DwarfError('functions inlined into one another without end');
      frames.push({ ...this.names.at(this.data, scope.offset), ...place });
      place.file = pathOf(scope.callFile);
      place.line = scope.callLine;
    }
    return frames.reverse();
  }
}
