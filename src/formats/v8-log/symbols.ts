import { findTool } from '../../processes/executables.ts';
import { streamTool } from '../../processes/run-tool.ts';
import { elfLayout } from '../../symbols/elf-segments.ts';
import { streamed } from '../input.ts';
import type { JsonObject } from '../json-stream/input.ts';
import { isList } from '../json-stream/list.ts';
import { textLines } from '../text/lines.ts';
import type { LogModule } from '../v8-ticks/table.ts';

/**
 * Names machine code of the log's programs and libraries with nm, by address. Those that are not on this machine as
 * they were in memory then (another build has other sizes) are left without names: wrong ones would be worse.
 *
 * node has a lookup of its own, which is switched off: it asks nm for every library twice, reads 1 MB of each answer,
 * and gives V8's own functions no names at all.
 */
export async function nativeNames(
  modules: readonly LogModule[],
  json: JsonObject,
): Promise<ReadonlyMap<number, string>> {
  const names = new Map<number, string>();
  const nm = findTool('nm');
  if (nm === undefined) return names;
  const addresses = nativeAddresses(modules, json);
  for (const path of new Set(modules.map((module) => module.path))) {
    if (!path.startsWith('/')) continue;
    const ofPath = modules.filter((module) => module.path === path);
    const moved = displacement(ofPath, path);
    if (moved === undefined) continue;
    const wanted = addresses.filter((address) => ofPath.some(({ start, end }) => address >= start && address < end));
    if (wanted.length === 0) continue;
    const before = names.size;
    await lookUp(nm, [], path, wanted, moved, names);
    // Stripped libraries have only the names that they export
    if (names.size === before) await lookUp(nm, ['-D'], path, wanted, moved, names);
  }
  return names;
}

/** Ascending. Frames without code have an address; those of a library have how far they are from its start. */
function nativeAddresses(modules: readonly LogModule[], json: JsonObject): number[] {
  const found = new Set<number>();
  const { ticks } = json;
  for (let row = 0; isList(ticks) && row < ticks.length; row++) {
    const pairs: unknown = (ticks.at(row) as JsonObject | null)?.s;
    if (!isList(pairs)) continue;
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      const address = nativeAddress(modules, json.code, pairs.at(i), pairs.at(i + 1));
      if (address !== undefined) found.add(address);
    }
  }
  return [...found].sort((a, b) => a - b);
}

/** The address of a frame that is not V8's; the modules are the first rows of `code`. */
function nativeAddress(
  modules: readonly LogModule[],
  code: unknown,
  index: unknown,
  offset: unknown,
): number | undefined {
  if (typeof index !== 'number' || typeof offset !== 'number') return undefined;
  if (index === -1) return offset;
  const module = modules[index];
  const entry = isList(code) ? (code.at(index) as JsonObject | null) : undefined;
  return module && entry?.type === 'SHARED_LIB' ? module.start + offset : undefined;
}

/** How far from its own addresses a file is in memory; undefined where it is no longer the file that it was. */
function displacement(modules: readonly LogModule[], path: string): number | undefined {
  const layout = elfLayout(path);
  if (layout === undefined) return undefined;
  for (const { start, end } of modules) {
    for (const part of layout.code) {
      // V8 writes where the file starts, older ones where its code does
      for (const from of [layout.first, part.start]) {
        const moved = start - from;
        if (end - moved === part.end && (!layout.fixed || moved === 0)) return moved;
      }
    }
  }
  return undefined;
}

/** nm's functions come in ascending order, as the addresses do: both are walked once. */
async function lookUp(
  nm: string,
  options: readonly string[],
  path: string,
  addresses: readonly number[],
  moved: number,
  names: Map<number, string>,
): Promise<void> {
  const tool = await streamTool(nm, [...options, '-C', '-n', '-S', '--defined-only', path]);
  let next = 0;
  for await (const lines of textLines({ name: path, head: new Uint8Array(), ...streamed(() => tool.stdout) })) {
    for (const line of lines) {
      const [, start, size, name] = /^([0-9a-f]{16}) ([0-9a-f]{16}) [tTwWi] (\S.*)$/.exec(line) ?? [];
      if (start === undefined) continue;
      const from = Number.parseInt(start, 16) + moved;
      const to = from + Number.parseInt(size!, 16);
      while (next < addresses.length && addresses[next]! < from) next++;
      for (let i = next; i < addresses.length && addresses[i]! < to; i++) {
        if (!names.has(addresses[i]!)) names.set(addresses[i]!, name!);
      }
    }
  }
  await tool.ended;
}
