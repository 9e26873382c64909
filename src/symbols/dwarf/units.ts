import { firstFrom } from '../bisect.ts';
import { AbbreviationTable } from './abbreviations.ts';
import { eachAddressRange } from './address-ranges.ts';
import { UNIT_TYPE } from './codes.ts';
import { type DebugData, HERE_AND_THERE } from './debug-data.ts';
import { DwarfError } from './dwarf-error.ts';
import { Unit } from './unit.ts';
import { readUnitHeader, type UnitHeader } from './unit-header.ts';

/** Tables of abbreviations that are kept; those who read units one after the other need one at a time. */
const MOST_TABLES = 16;

/** The units of `.debug_info`: found by the addresses of their code, and by the places that entries refer to. */
export class Units {
  readonly data: DebugData;
  /** What is broken of a unit that was passed over. */
  broken: string | undefined;
  private readonly skeleton: Unit | undefined;
  /** Of units that are known, by their places. */
  private readonly headers = new Map<number, UnitHeader>();
  private readonly open = new Map<number, Unit>();
  private readonly tables = new Map<number, AbbreviationTable>();
  private sorted: readonly number[] = [];
  /** Everything before this place has been walked over. */
  private walked = 0;

  /** @param skeleton the unit of another file that those of this one were split off */
  constructor(data: DebugData, skeleton?: Unit) {
    this.data = data;
    this.skeleton = skeleton;
  }

  /**
   * Which units may hold addresses; of a function that many have (templates, inline functions) linkers keep one, and all
   * claim its addresses.
   * @param addresses ascending
   * @param isLeft whether an address is still to be found
   * @returns of each unit the addresses, ascending; none for which no address is left when it is its turn
   * @throws {DwarfError} the section is broken so early that nothing is found
   */
  *withCode(addresses: Float64Array, isLeft: (address: number) => boolean): Generator<[Unit, Float64Array]> {
    const found = new Map<number, Set<number>>();
    const listed = this.byList(addresses, found);
    const claimed = new Set<number>();
    for (const indexes of found.values()) for (const index of indexes) claimed.add(index);
    for (const [offset, indexes] of found) {
      const mine = Float64Array.from(indexes, (i) => addresses[i]!).filter(isLeft);
      const unit = mine.length === 0 ? undefined : this.tryUnit(offset);
      if (unit !== undefined) yield [unit, mine.sort()];
    }
    const others = addresses.filter((_, i) => !claimed.has(i));
    if (others.length === 0) return;
    for (const [unit, claims] of this.bySearch(others, listed)) {
      const mine = claims.filter(isLeft);
      if (mine.length > 0) yield [unit, mine];
    }
  }

  /** The unit that a place in the section belongs to. @throws {DwarfError} there is none, or it is broken */
  around(offset: number): Unit {
    const known = this.header(offset);
    if (known === undefined) throw new DwarfError(`it refers to 0x${offset.toString(16)}, where no unit is`);
    return this.unitOf(known);
  }

  /** Of units that were split off the one that belongs to the skeleton; undefined where none does. */
  splitOff(): Unit | undefined {
    this.walk(Number.POSITIVE_INFINITY);
    for (const { offset } of this.headers.values()) {
      const unit = this.tryUnit(offset);
      if (unit !== undefined && unit.id !== 0 && unit.id === this.skeleton?.id) return unit;
    }
    return undefined;
  }

  /** The abbreviations of a unit, to read all of it. */
  abbreviations({ header }: Pick<Unit, 'header'>): AbbreviationTable {
    const { data, tables } = this;
    let table = tables.get(header.abbreviations);
    if (table === undefined || !table.fits(header)) {
      if (tables.size >= MOST_TABLES) tables.clear();
      table = new AbbreviationTable(data.reader('abbrev', HERE_AND_THERE), header.abbreviations, header, data.effort);
      tables.set(header.abbreviations, table);
    }
    return table;
  }

  /** @returns units that say in the list where their code is */
  private byList(addresses: Float64Array, found: Map<number, Set<number>>): Set<number> {
    const listed = new Set<number>();
    if (!this.data.has('aranges')) return listed;
    try {
      eachAddressRange(this.data, (unit, start, end) => {
        listed.add(unit);
        for (let i = firstFrom(addresses, start); i < addresses.length && addresses[i]! < end; i++) {
          this.data.effort.spend(1);
          const indexes = found.get(unit) ?? new Set();
          if (indexes.size === 0) found.set(unit, indexes);
          indexes.add(i);
        }
      });
    } catch (error) {
      if (!(error instanceof DwarfError)) throw error;
      // The units say it too.
      found.clear();
      listed.clear();
    }
    return listed;
  }

  /** Looks at the first entry of every unit that is not listed. */
  private bySearch(addresses: Float64Array, listed: ReadonlySet<number>): Map<Unit, Float64Array> {
    const units = new Map<Unit, Float64Array>();
    const unclear: Unit[] = [];
    const claimed = new Set<number>();
    const addressesOf = new Map<Unit, Set<number>>();
    this.walk(Number.POSITIVE_INFINITY);
    for (const header of this.headers.values()) {
      if (listed.has(header.offset) || header.type === UNIT_TYPE.type || header.type === UNIT_TYPE.partial) continue;
      const unit = this.tryUnit(header.offset);
      if (unit === undefined) continue;
      if (unit.ranges === undefined) {
        unclear.push(unit);
        continue;
      }
      for (let at = 0; at < unit.ranges.length; at += 2) {
        const end = unit.ranges[at + 1]!;
        for (let i = firstFrom(addresses, unit.ranges[at]!); i < addresses.length && addresses[i]! < end; i++) {
          this.data.effort.spend(1);
          const indexes = addressesOf.get(unit) ?? new Set();
          if (indexes.size === 0) addressesOf.set(unit, indexes);
          indexes.add(i);
          claimed.add(i);
        }
      }
    }
    for (const [unit, indexes] of addressesOf) {
      units.set(unit, Float64Array.from(indexes, (i) => addresses[i]!).sort());
    }
    const left = addresses.filter((_, i) => !claimed.has(i));
    if (left.length > 0) for (const unit of unclear) units.set(unit, left);
    return units;
  }

  /** The unit at a place; undefined where none is, or it is broken: that costs its functions alone. */
  private tryUnit(offset: number): Unit | undefined {
    try {
      const header = this.readHeader(offset);
      return header && header.first < header.end ? this.unitOf(header) : undefined;
    } catch (error) {
      if (!(error instanceof DwarfError)) throw error;
      this.broken ??= error.message;
      this.data.effort.spend(1);
      return undefined;
    }
  }

  private unitOf(header: UnitHeader): Unit {
    let unit = this.open.get(header.offset);
    if (unit === undefined) {
      const { data, skeleton } = this;
      unit = new Unit(data, header, data.lookAt('info', header.first), this.abbreviations({ header }), skeleton);
      this.open.set(header.offset, unit);
    }
    return unit;
  }

  private header(offset: number): UnitHeader | undefined {
    let near = this.nearest(offset);
    if (near === undefined || near.end <= offset) {
      this.walk(offset);
      near = this.nearest(offset);
    }
    return near !== undefined && offset >= near.first && offset < near.end ? near : undefined;
  }

  /** Of the known units the last that begins at or before a place. */
  private nearest(offset: number): UnitHeader | undefined {
    if (this.sorted.length !== this.headers.size) this.sorted = [...this.headers.keys()].sort((a, b) => a - b);
    const { sorted } = this;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? undefined : this.headers.get(sorted[low - 1]!);
  }

  /** Walks from unit to unit until one that ends behind a place, or does not say where it ends. */
  private walk(offset: number): void {
    while (this.walked <= offset) {
      this.data.effort.spend(1);
      const next = this.nextHeader();
      if (next === undefined) return;
      this.walked = next.end;
    }
  }

  private nextHeader(): UnitHeader | undefined {
    try {
      return this.readHeader(this.walked);
    } catch (error) {
      if (!(error instanceof DwarfError)) throw error;
      this.broken ??= error.message;
      return undefined;
    }
  }

  private readHeader(offset: number): UnitHeader | undefined {
    const known = this.headers.get(offset);
    if (known !== undefined) return known;
    const header = readUnitHeader(this.data.lookAt('info', offset), offset);
    if (header !== undefined) this.headers.set(offset, header);
    return header;
  }
}
