import { type FrameWords, ProfileBuilder } from '../../profile/builder.ts';
import { nativeKind } from '../../profile/kind.ts';
import type { Meta, Profile, Thread, ValueType } from '../../profile/profile.ts';
import type { Notes } from '../format.ts';
import { namedAddresses } from './names.ts';

interface Mapping {
  start: bigint;
  readonly limit: bigint;
  offset: bigint;
  readonly file: string;
  /** 0 = not told. */
  readonly inode: number;
}

/** One sample, its stack leaf first. */
export interface LegacySample {
  readonly addresses: readonly bigint[];
  /** The stack in words, where the file has them beside the addresses; instead of these. */
  readonly named?: readonly FrameWords[];
  readonly values: readonly number[];
  readonly thread?: Thread;
}

/** Longer lines are no mapping. */
const LONGEST_MAP_LINE = 10_000;

/** `/proc/PID/maps`, and the brief form `400000-fcb000: /bin/app`, where `@ 1000` gives the offset. */
const fullMap =
  /^([0-9a-f]{1,16})-([0-9a-f]{1,16})\s+([-rwxps]+)\s+([0-9a-f]{1,16})\s+[0-9a-f]+:[0-9a-f]+\s+(\d+)(?:\s+(\S.*))?/i;
const briefMap = /^([0-9a-f]{1,16})-([0-9a-f]{1,16}):\s*(\S+)(?:\s.{0,400}@\s*([0-9a-f]{1,16}))?/i;

/**
 * What the readers of legacy pprof files gather: samples first, then what the file says of their addresses, which
 * stands behind them. Addresses that it does not name are frames of their own: `0x40be30`, with their module.
 */
export class LegacyTable {
  readonly samples: LegacySample[] = [];
  /** The words that the file has for an address. */
  readonly words = new Map<bigint, FrameWords>();
  private readonly mappings: Mapping[] = [];
  private readonly attributes = new Map<string, string>();

  /** One line of the memory map. Attributes (`build=/usr/bin`) stand for `$build` in later lines; all else is skipped. */
  mapLine(text: string): void {
    if (text.length > LONGEST_MAP_LINE) return;
    const line = text.trim().replace(/\$(\w{1,100})/g, (word, name: string) => this.attributes.get(name) ?? word);
    const full = fullMap.exec(line);
    const brief = full ? null : briefMap.exec(line);
    if (full) {
      if (full[3]!.includes('x')) this.addMapping(full[1]!, full[2]!, full[4], full[6] ?? '', Number(full[5]));
    } else if (brief) this.addMapping(brief[1]!, brief[2]!, brief[4], brief[3]!);
    else {
      const [, name, value] = /^(\w{1,100}) *= *(.{0,1000})$/.exec(line) ?? [];
      if (name !== undefined) this.attributes.set(name, value!.trim());
    }
  }

  private addMapping(start: string, limit: string, offset: string | undefined, file: string, inode = 0): void {
    const plain = file.replace(/ \(deleted\)$/, '');
    // A file that is gone is not the one that may have its name now
    const known = plain === file ? inode : 0;
    this.mappings.push({ start: hex(start), limit: hex(limit), offset: hex(offset ?? '0'), file: plain, inode: known });
  }

  /**
   * @param notes gets what kept addresses from being named
   * @param allocator files whose code at the top of a stack is only the way to the one who asked
   */
  build(valueTypes: readonly ValueType[], meta: Meta, notes: Notes, allocator?: RegExp): Profile {
    const builder = new ProfileBuilder(valueTypes);
    this.mendMappings();
    const known = this.nameAddresses(notes);
    const frames = new Map<bigint, readonly number[]>();
    for (const { addresses, named, values, thread } of this.samples) {
      let stack = -1;
      if (named) for (let i = named.length - 1; i >= 0; i--) stack = builder.stack(stack, builder.frame(named[i]!));
      else {
        const top = allocator === undefined ? 0 : this.asking(addresses, allocator);
        for (let i = addresses.length - 1; i >= top; i--) {
          const address = addresses[i]!;
          let place = frames.get(address);
          if (place === undefined) {
            place = (known.get(address) ?? [this.wordsOf(address)]).map((words) => builder.frame(words));
            frames.set(address, place);
          }
          for (const frame of place) stack = builder.stack(stack, frame);
        }
      }
      builder.sample(stack, values, undefined, thread && builder.thread(thread));
    }
    return builder.build(meta);
  }

  private wordsOf(address: bigint): FrameWords {
    const module = this.moduleOf(address);
    const words = this.words.get(address);
    if (words?.kind !== undefined) return words;
    if (words) return { ...words, module, kind: nativeKind(words.name, module) };
    return { name: `0x${address.toString(16)}`, module, kind: nativeKind('', module) };
  }

  /** The place in a stack, leaf first, of the one who asked the allocator; 0 where it is alone. */
  private asking(addresses: readonly bigint[], allocator: RegExp): number {
    return Math.max(
      0,
      addresses.findIndex((address) => !allocator.test(this.moduleOf(address))),
    );
  }

  private moduleOf(address: bigint): string {
    return this.mappingOf(address)?.file ?? '';
  }

  private mappingOf(address: bigint): Mapping | undefined {
    return (
      this.mappings.find(({ start, limit }) => start <= address && address < limit) ??
      // Some writers leave out the first part of a program that is mapped in several
      this.mappings.find((map) => map.offset !== 0n && map.start - map.offset <= address && address < map.start)
    );
  }

  /** What the file does not name itself. */
  private nameAddresses(notes: Notes): ReadonlyMap<bigint, readonly FrameWords[]> {
    const asked = new Set<bigint>();
    for (const { addresses, named } of this.samples) {
      if (named === undefined) for (const address of addresses) if (!this.words.has(address)) asked.add(address);
    }
    return namedAddresses(asked, (address) => this.mappingOf(address), notes);
  }

  /** As google/pprof mends them: the program's own mapping may begin behind its start. */
  private mendMappings(): void {
    const [first, second] = this.mappings;
    if (first?.file.startsWith('/anon_hugepage') && first.limit === second?.start) this.mappings.shift();
    const main = this.mappings[0];
    if (main && main.start - main.offset === 0x400000n) {
      main.start = 0x400000n;
      main.offset = 0n;
    }
  }
}

/**
 * Return addresses: one less lies within the call.
 * @param leaf whether the leaf is one too: where a call was recorded, not an interrupt
 */
export function callAddresses(addresses: readonly bigint[], leaf: boolean): bigint[] {
  return addresses.map((address, i) => ((leaf || i > 0) && address > 0n ? address - 1n : address));
}

/** The numbers of a stack in text: ` 0x40be31 0x7f7949a9811d`. */
export function hexAddresses(text: string): bigint[] {
  return Array.from(text.matchAll(/0x([0-9a-f]{1,16})(?![0-9a-f])/g), ([, digits]) => hex(digits!));
}

export function hex(digits: string): bigint {
  return BigInt(`0x${digits}`);
}
