import { debugPlaces } from './debug-file.ts';
import { demangled } from './demangle.ts';
import { debugDataOf } from './dwarf/debug-objects.ts';
import { type SourceFrame, type SourceFrames, sourceFrames } from './dwarf/source-frames.ts';
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
  /** Whether the binary is here and has no debug information, neither itself nor in a file of its own. */
  readonly lacksDebugInfo: boolean;
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
  const nothing = { frames: Array.from(offsets, () => []), lacksDebugInfo: false, notes: [] };
  if (binary === undefined) return nothing;
  const addresses = Float64Array.from(offsets, (offset) => binary.addressOf(offset) ?? -1);
  const data = debugDataOf(binary, path, debugPlaces(options.symfs, options.debugFolders));
  if (data === undefined) {
    binary.close();
    return { ...nothing, lacksDebugInfo: true };
  }
  try {
    const asked = Float64Array.from(new Set(addresses.filter((address) => address >= 0))).sort();
    const found = sourceFrames(data, asked);
    const byAddress = new Map(found.frames.map((chain, i) => [asked[i]!, chain.map(readable)]));
    return {
      frames: Array.from(addresses, (address) => byAddress.get(address) ?? []),
      lacksDebugInfo: false,
      notes: notesOf(path, found),
    };
  } finally {
    data.close();
  }
}

function readable({ linked, plain, file, line }: SourceFrame): PlaceFrame {
  const name = demangled(linked);
  // What cannot be demangled is better called by half of its name
  return { name: name === linked && plain !== '' ? plain : name, file, line };
}

function notesOf(path: string, { broken, missing, withoutShared }: SourceFrames): string[] {
  const notes: string[] = [];
  if (broken !== undefined) {
    notes.push(`some inlined functions of ${path} are missing: its debug information is broken (${broken})`);
  }
  if (missing.length > 0) {
    const files = missing.length === 1 ? `${missing[0]} is` : `${missing[0]} and ${missing.length - 1} more files are`;
    notes.push(`some inlined functions of ${path} are missing: ${files} not here`);
  }
  if (withoutShared) {
    notes.push(`some inlined functions of ${path} have no names: they are in a file of dwz that is not here`);
  }
  return notes;
}
