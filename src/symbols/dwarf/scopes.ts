import { firstFrom } from '../bisect.ts';
import { type Abbreviation, type AbbreviationTable, skipEntry } from './abbreviations.ts';
import { AT, TAG } from './codes.ts';
import { DwarfError } from './dwarf-error.ts';
import { Entry } from './entry.ts';
import type { SectionReader } from './section-reader.ts';
import type { Unit } from './unit.ts';

/** A function, or one that was inlined into another, where an address is in it. */
export interface Scope {
  /** Where its entry is in `.debug_info`. */
  readonly offset: number;
  /** What it was inlined into; undefined = it is a function of its own. */
  readonly caller: Scope | undefined;
  /** Where it was called: the number of a file of the unit (-1 = unknown), and a line (0 = unknown). */
  readonly callFile: number;
  readonly callLine: number;
  /** The function that all of it was inlined into, in numbers of what was found. */
  readonly root: number;
}

/** Deeper nesting was never seen. */
const MOST_DEPTH = 1 << 12;
/** DW_LANG_* of C, C++ and Objective-C in their versions, whose functions are defined outside of types. */
const C_FAMILY: readonly number[] = [1, 2, 4, 0x0c, 0x10, 0x11, 0x19, 0x1a, 0x1d, 0x21, 0x2b, 0x2c, 0x2f, 0x3a];

/** Entries that are code. */
const CODE: ReadonlySet<number> = new Set([
  TAG.subprogram,
  TAG.inlinedSubroutine,
  TAG.lexicalBlock,
  TAG.tryBlock,
  TAG.catchBlock,
  TAG.withStatement,
]);
/** Entries that functions stand in, in every language. */
const FOLDERS: ReadonlySet<number> = new Set([TAG.namespace, TAG.module, TAG.compileUnit, TAG.partialUnit]);
const TYPES: ReadonlySet<number> = new Set([
  TAG.structureType,
  TAG.classType,
  TAG.unionType,
  TAG.enumerationType,
  TAG.interfaceType,
]);

/** Of an entry whose children are behind the reader. */
const GONE_OVER = 'gone over';
type Inner = Scope | undefined | typeof GONE_OVER;

/**
 * Finds the innermost function at addresses, by one walk over a unit's entries that leaves out what cannot hold them. Where
 * that finds nothing for one, a second walk leaves out nothing: functions may be defined within others.
 */
export class ScopeFinder {
  /** Of each address the innermost. */
  readonly innermost: (Scope | undefined)[];
  /** The bytes of code of the function that each address was found in: of several the one of the fewest counts. */
  private readonly extent: Float64Array;
  private readonly unit: Unit;
  private readonly addresses: Float64Array;
  private readonly abbreviations: AbbreviationTable;
  private readonly reader: SectionReader;
  private readonly entry = new Entry();
  private readonly ranges: number[] = [];
  private roots = 0;

  /**
   * @param reader of `.debug_info`
   * @param addresses ascending
   */
  constructor(unit: Unit, reader: SectionReader, abbreviations: AbbreviationTable, addresses: Float64Array) {
    this.unit = unit;
    this.reader = reader;
    this.abbreviations = abbreviations;
    this.addresses = addresses;
    this.innermost = new Array(addresses.length).fill(undefined);
    this.extent = new Float64Array(addresses.length).fill(Number.POSITIVE_INFINITY);
  }

  /** @throws {DwarfError} the unit is broken; what was found before that stays */
  find(): void {
    const { language } = this.unit;
    this.walk((tag) => FOLDERS.has(tag) || (TYPES.has(tag) && !C_FAMILY.includes(language)), false);
    if (this.innermost.includes(undefined)) this.walk(() => true, true);
  }

  /** @param opens whether functions may stand in entries of a tag @param whole whether in functions elsewhere, too */
  private walk(opens: (tag: number) => boolean, whole: boolean): void {
    const { reader, unit, abbreviations } = this;
    const { header } = unit;
    /** Of each open entry the scope that it stands in. */
    const open: (Scope | undefined)[] = [];
    let scope: Scope | undefined;
    reader.seek(header.first);
    while (reader.position < header.end) {
      const offset = reader.position;
      const code = reader.uleb();
      if (code === 0) {
        scope = open.pop();
        if (open.length === 0) return;
        continue;
      }
      const abbreviation = abbreviations.get(code);
      const { tag, hasChildren, forms } = abbreviation;
      unit.data.effort.spend(1 + forms.length);
      let inner: Inner = scope;
      if (CODE.has(tag)) inner = this.enter(abbreviation, offset, scope, whole);
      else if (!hasChildren || opens(tag)) skipEntry(reader, abbreviation, header);
      else inner = this.skipTree(abbreviation);
      if (!hasChildren || inner === GONE_OVER) continue;
      if (open.push(scope) > MOST_DEPTH) throw new DwarfError('its entries are nested too deep');
      scope = inner;
    }
  }

  /** Reads an entry that is code. @returns the scope of what stands in it */
  private enter(abbreviation: Abbreviation, offset: number, scope: Scope | undefined, whole: boolean): Inner {
    const { reader, unit, entry } = this;
    entry.read(reader, unit, abbreviation);
    const inner = this.scopeOf(offset, scope);
    if (inner !== GONE_OVER) return inner;
    if (whole) return undefined;
    if (abbreviation.hasChildren) this.skipChildren(entry.sibling(unit));
    return GONE_OVER;
  }

  /** What the entry that was read last is to the addresses: {@link GONE_OVER} where it holds none. */
  private scopeOf(offset: number, scope: Scope | undefined): Inner {
    const { entry, unit, ranges } = this;
    ranges.length = 0;
    const isKnown = unit.rangesOf(entry, ranges);
    if (entry.tag === TAG.subprogram) return isKnown ? this.root(offset) : GONE_OVER;
    if (scope === undefined) return GONE_OVER;
    if (entry.tag === TAG.inlinedSubroutine) return isKnown ? this.inlined(offset, scope) : GONE_OVER;
    return !isKnown || this.count((i) => this.innermost[i]?.root === scope.root) > 0 ? scope : GONE_OVER;
  }

  private root(offset: number): Inner {
    const { ranges, innermost, extent } = this;
    // Where linkers leave functions that they dropped
    if (ranges[0] === 0) return GONE_OVER;
    let size = 0;
    for (let at = 0; at < ranges.length; at += 2) size += Math.max(0, ranges[at + 1]! - ranges[at]!);
    const scope: Scope = { offset, caller: undefined, callFile: -1, callLine: 0, root: this.roots++ };
    const found = this.count((i) => {
      if (extent[i]! <= size) return false;
      innermost[i] = scope;
      extent[i] = size;
      return true;
    });
    return found > 0 ? scope : GONE_OVER;
  }

  private inlined(offset: number, caller: Scope): Inner {
    const { entry, innermost } = this;
    const scope: Scope = {
      offset,
      caller,
      callFile: entry.value(AT.callFile, -1),
      callLine: entry.value(AT.callLine, 0),
      root: caller.root,
    };
    const found = this.count((i) => {
      if (innermost[i]?.root !== caller.root) return false;
      innermost[i] = scope;
      return true;
    });
    return found > 0 ? scope : GONE_OVER;
  }

  /** How many addresses are in the ranges, and taken. */
  private count(take: (index: number) => boolean): number {
    const { ranges, addresses, unit } = this;
    let count = 0;
    for (let at = 0; at < ranges.length; at += 2) {
      const end = ranges[at + 1]!;
      for (let i = firstFrom(addresses, ranges[at]!); i < addresses.length && addresses[i]! < end; i++) {
        unit.data.effort.spend(1);
        if (take(i)) count++;
      }
    }
    return count;
  }

  private skipTree(abbreviation: Abbreviation): typeof GONE_OVER {
    this.entry.read(this.reader, this.unit, abbreviation);
    this.skipChildren(this.entry.sibling(this.unit));
    return GONE_OVER;
  }

  /** @param sibling where the children end, as far as that is known; -1 = not */
  private skipChildren(sibling: number): void {
    const { reader, unit, abbreviations } = this;
    const { header } = unit;
    if (sibling >= reader.position && sibling <= header.end) {
      reader.seek(sibling);
      return;
    }
    for (let depth = 1; depth > 0 && reader.position < header.end; ) {
      const code = reader.uleb();
      if (code === 0) {
        depth--;
        continue;
      }
      const abbreviation = abbreviations.get(code);
      unit.data.effort.spend(1 + abbreviation.forms.length);
      skipEntry(reader, abbreviation, header);
      if (abbreviation.hasChildren) depth++;
    }
  }
}
