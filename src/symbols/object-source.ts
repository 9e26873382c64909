import { debugPlaces } from './debug-file.ts';
import { demangled } from './demangle.ts';
import { debugDataOf } from './dwarf/debug-objects.ts';
import { type SourceFrame, sourceFrames } from './dwarf/source-frames.ts';
import { type ObjectSymbolOptions, recordedBinary } from './object-symbols.ts';

/** A function at a place, and where in its source. */
export interface PlaceFrame {
  /** For people; '' = unknown. */
  readonly name: string;
  /** '' = unknown. */
  readonly file: string;
  /** 0 = unknown. */
  readonly line: number;
}

export interface ObjectSource {
  /**
   * Of each offset its function and what was inlined there, outermost first; none where nothing is known.
   */
  readonly frames: readonly (readonly PlaceFrame[])[];
  /** Whether the binary has debug information, itself or in its separate file. */
  readonly isKnown: boolean;
  /** What is missing. */
  readonly notes: readonly string[];
}

/**
 * The functions at places of a binary, inlined ones included, by its debug information (DWARF).
 * @param path as the recording has it
 * @param offsets into the binary's file
 */
export function objectSource(path: string, options: ObjectSymbolOptions, offsets: Float64Array): ObjectSource {
  const binary = path === '[vdso]' ? undefined : recordedBinary(path, options);
  const nothing = { frames: Array.from(offsets, () => []), isKnown: false, notes: [] };
  if (binary === undefined) return nothing;
  const addresses = Float64Array.from(offsets, (offset) => binary.addressOf(offset) ?? -1);
  const data = debugDataOf(binary, path, debugPlaces(options.symfs, options.debugFolders));
  if (data === undefined) {
    binary.close();
    return nothing;
  }
  try {
    const asked = Float64Array.from(new Set(addresses.filter((address) => address >= 0))).sort();
    const { frames, broken, splitInto, withoutShared } = sourceFrames(data, asked);
    const byAddress = new Map(frames.map((chain, i) => [asked[i]!, chain.map(readable)]));
    const notes: string[] = [];
    if (broken !== undefined)
      notes.push(`inlined functions of ${path} are missing: its debug information is broken (${broken})`);
    if (splitInto !== undefined) {
      notes.push(`inlined functions of ${path} are missing: they are in ${splitInto}, and .dwo files are not read`);
    }
    if (withoutShared)
      notes.push(`names of inlined functions of ${path} are missing: they are in a file of dwz that is not here`);
    return { frames: Array.from(addresses, (address) => byAddress.get(address) ?? []), isKnown: true, notes };
  } finally {
    data.close();
  }
}

function readable({ linked, plain, file, line }: SourceFrame): PlaceFrame {
  const name = demangled(linked);
  // What cannot be demangled is better called by half of its name
  return { name: name === linked && plain !== '' ? plain : name, file, line };
}
