import { type HeapMoment, type HeapPart, type TreeLine, treeLine, writeMassif } from '../massif/write-massif.ts';
import { type HeaptrackPlace, type HeaptrackRecording, placesOf } from './recording.ts';

/** What the description of a history is that heaptrack recorded. */
const DESCRIPTION = 'heaptrack';

/** A recording in the format of valgrind's massif: its moments, the peak exact.  */
export function heaptrackAsMassif(recording: HeaptrackRecording): Iterable<string> {
  const paths = new Paths(recording);
  const moments = recording.moments.map(
    ({ time, heap, peak, sites }): HeapMoment => ({
      time,
      heap,
      peak,
      parts: () => (sites === undefined ? undefined : partsOf(sites, paths)),
    }),
  );
  return writeMassif({ description: DESCRIPTION, command: recording.command, timeUnit: recording.timeUnit }, moments);
}

function partsOf(bytes: Float64Array, paths: Paths): HeapPart[] {
  const parts: HeapPart[] = [];
  for (let site = 0; site < bytes.length; site++) {
    if (bytes[site]! > 0) parts.push({ path: paths.of(site), bytes: bytes[site]! });
  }
  return parts;
}

/** The lines of stacks, made once. */
class Paths {
  private readonly recording: HeaptrackRecording;
  private readonly known: (readonly TreeLine[] | undefined)[] = [];
  private readonly lines = new Map<HeaptrackPlace, readonly TreeLine[]>();

  constructor(recording: HeaptrackRecording) {
    this.recording = recording;
  }

  of(site: number): readonly TreeLine[] {
    const known = this.known[site];
    if (known !== undefined) return known;
    const path: TreeLine[] = [];
    for (const place of placesOf(this.recording, this.recording.sites.trace[site]!)) path.push(...this.linesOf(place));
    this.known[site] = path;
    return path;
  }

  private linesOf(place: HeaptrackPlace): readonly TreeLine[] {
    let lines = this.lines.get(place);
    if (lines === undefined) {
      lines = place.frames.map((frame) => treeLine(place.address, frame));
      this.lines.set(place, lines);
    }
    return lines;
  }
}
