import { AT } from './codes.ts';
import type { DebugData } from './debug-data.ts';
import { DwarfError } from './dwarf-error.ts';
import { Entry } from './entry.ts';
import { Units } from './units.ts';

/** A concrete function, its abstract one, its declaration, and one more for each file and compiler in between. */
const MOST_STEPS = 16;

/** The names of a function; '' = unknown. */
export interface FunctionName {
  /** As linkers know it: mangled. Not all functions have one. */
  readonly linked: string;
  /** As it is written, without what it stands in. */
  readonly plain: string;
}

/** Names of functions by the places of their entries. */
export class FunctionNames {
  /** Whether a name was asked for that is in a file which is not here. */
  withoutShared = false;
  /** What is broken of an entry that has no name therefore. */
  broken: string | undefined;
  private readonly units = new Map<DebugData, Units>();
  private readonly known = new Map<DebugData, Map<number, FunctionName>>();
  private readonly entry = new Entry();

  constructor(units: Units) {
    this.units.set(units.data, units);
  }

  /**
   * The names of an entry, or of what it refers to as its origin (DW_AT_abstract_origin) or declaration
   * (DW_AT_specification), across units and files.
   */
  at(data: DebugData, offset: number): FunctionName {
    let names = this.known.get(data);
    if (names === undefined) {
      names = new Map();
      this.known.set(data, names);
    }
    let name = names.get(offset);
    if (name === undefined) {
      name = this.find(data, offset);
      names.set(offset, name);
    }
    return name;
  }

  private find(data: DebugData, offset: number): FunctionName {
    let linked = '';
    let plain = '';
    let place: { readonly data: DebugData; readonly offset: number } | undefined = { data, offset };
    const { entry } = this;
    try {
      for (let step = 0; place !== undefined && step < MOST_STEPS; step++) {
        const units = this.unitsOf(place.data);
        const unit = units.around(place.offset);
        const abbreviations = units.abbreviations(unit);
        const reader = place.data.lookAt('info', place.offset);
        entry.read(reader, unit, abbreviations.get(reader.uleb()));
        plain ||= unit.text(entry, AT.name);
        linked = unit.text(entry, AT.linkageName) || unit.text(entry, AT.mipsLinkageName);
        if (linked !== '') break;
        const origin = entry.has(AT.abstractOrigin) ? AT.abstractOrigin : AT.specification;
        place = unit.reference(entry, origin);
        if (place === undefined && entry.has(origin)) this.withoutShared = true;
      }
    } catch (error) {
      if (!(error instanceof DwarfError)) throw error;
      this.broken ??= error.message;
    }
    return { linked, plain };
  }

  private unitsOf(data: DebugData): Units {
    let units = this.units.get(data);
    if (units === undefined) {
      units = new Units(data);
      this.units.set(data, units);
    }
    return units;
  }
}
