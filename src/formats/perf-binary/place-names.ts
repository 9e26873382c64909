import { kernelSymbols } from '../../symbols/kernel-symbols.ts';
import { objectSymbols } from '../../symbols/object-symbols.ts';
import type { Notes } from '../format.ts';
import type { PerfMapping } from '../perf-data/recording.ts';
import { isAnonymous, type Place } from './places.ts';

export interface NameOptions {
  /** The recorded kernel, where the recording tells of it. */
  readonly kernel: PerfMapping | undefined;
  /** Folder that the paths of the recording are looked for in. */
  readonly symfs?: string;
  /** The name of code that was compiled while the program ran. */
  readonly jitName: (pid: number, jit: number) => string;
  /** Waited for between one binary and the next. */
  readonly pause?: () => Promise<void>;
}

/** A place in words, as `perf script` prints it. */
export interface NamedPlace {
  /** '' = unknown. */
  readonly symbol: string;
  /** A path, `[kernel.kallsyms]`, `/tmp/perf-12.map`; '' = unknown. */
  readonly module: string;
}

/**
 * Looks all places up, a file's at once.
 * @returns of each place what it is
 */
export async function namedPlaces(places: readonly Place[], options: NameOptions, notes: Notes): Promise<NamedPlace[]> {
  const named: NamedPlace[] = new Array(places.length);
  const kernel: number[] = [];
  const objects = new Map<string, number[]>();
  places.forEach((place, i) => {
    if (place.jit >= 0) named[i] = { symbol: options.jitName(place.pid, place.jit), module: mapOf(place) };
    else if (place.kernel) kernel.push(i);
    else if (place.mapping === undefined) named[i] = { symbol: '', module: '' };
    else if (isAnonymous(place.mapping.path)) named[i] = { symbol: '', module: anonymousModule(place) };
    else listOf(objects, objectKey(place.mapping)).push(i);
  });
  nameKernel(places, kernel, named, options.kernel, notes);
  // Those with few places first: what is done for each is compiled when it comes to the many
  for (const [key, group] of [...objects].sort(([, one], [, other]) => one.length - other.length)) {
    await options.pause?.();
    const [path, buildId] = key.split('\0') as [string, string];
    group.sort((a, b) => fileOffset(places[a]!) - fileOffset(places[b]!));
    const { finder, note } = objectSymbols(path, {
      buildId,
      ...(options.symfs === undefined ? {} : { symfs: options.symfs }),
    });
    if (note !== undefined) notes.add(note);
    const names = finder?.names(Float64Array.from(group, (i) => fileOffset(places[i]!)));
    group.forEach((i, k) => {
      named[i] = { symbol: names?.[k] ?? '', module: path };
    });
  }
  return named;
}

function objectKey({ path, buildId }: PerfMapping): string {
  return `${path}\0${buildId}`;
}

function fileOffset({ within, mapping }: Place): number {
  return within - mapping!.start + mapping!.offset;
}

/** Code that no map names: perf calls its file what the map would be called. */
function anonymousModule(place: Place): string {
  return place.mapping!.path.startsWith('[') ? place.mapping!.path : mapOf(place);
}

function mapOf({ pid }: Place): string {
  return `/tmp/perf-${pid}.map`;
}

function nameKernel(
  places: readonly Place[],
  group: number[],
  named: NamedPlace[],
  recorded: PerfMapping | undefined,
  notes: Notes,
): void {
  if (group.length === 0) return;
  group.sort((a, b) => places[a]!.within - places[b]!.within);
  const { names, modules, restricted } = kernelSymbols(
    Float64Array.from(group, (i) => places[i]!.within),
    recorded && { buildId: recorded.buildId, reference: { name: '_text', address: recorded.offset } },
  );
  if (restricted) {
    notes.add(
      'kernel functions have no names: this kernel hides them (sysctl kernel.kptr_restrict=0 as root shows them)',
    );
  } else if (recorded && recorded.buildId !== '' && names.every((name) => name === '')) {
    const kernel = `the recorded kernel (build-id ${recorded.buildId})`;
    notes.add(`kernel functions have no names: no list of the symbols of ${kernel} is here`);
  }
  group.forEach((i, k) => {
    named[i] = { symbol: names[k]!, module: modules[k] ?? '[kernel.kallsyms]' };
  });
}

function listOf(lists: Map<string, number[]>, key: string): number[] {
  let list = lists.get(key);
  if (list === undefined) {
    list = [];
    lists.set(key, list);
  }
  return list;
}
