import type { Processes } from './processes.ts';
import { COMM, FORK, KSYMBOL, MMAP, MMAP2 } from './record-types.ts';
import type { PerfMapping } from './recording.ts';
import { address64, hexAt, textAt, type Words } from './words.ts';

/** Bits of a record's flags (`PERF_RECORD_MISC_*`). */
const CPU_MODE = 7;
const KERNEL = 1;
const HIGHEST_HOST_MODE = 3;
/** Bit 13 says another thing in each kind of record. */
const DATA_MAPPING = 1 << 13;
const BY_EXEC = 1 << 13;
const WAS_RUNNING = 1 << 13;
const BUILD_ID_INSTEAD_OF_INODE = 1 << 14;

const PROT_EXEC = 4;
const UNREGISTERED = 1;

/** Whether a record changes what processes, threads and mappings there are. */
export function isSideBand(type: number): boolean {
  return type === MMAP || type === MMAP2 || type === COMM || type === FORK || type === KSYMBOL;
}

/**
 * Does what a record says; layouts are those of include/uapi/linux/perf_event.h.
 * @param end behind the record's fields
 * @param time in nanoseconds; 0 = before perf looked
 * @returns false: it is too short for what it is
 */
export function applySideBand(
  processes: Processes,
  { bytes, view }: Words,
  at: number,
  end: number,
  time: number,
  little: boolean,
): boolean {
  const type = view.getUint32(at, little);
  const flags = view.getUint16(at + 4, little);
  const size = end - at;
  const half = (place: number): number => view.getInt32(at + place, little);
  const address = (place: number): number => address64(view, at + place, little);
  switch (type) {
    case MMAP: {
      if (size < 40) return false;
      const executable = (flags & DATA_MAPPING) === 0;
      const path = textAt(bytes, at + 40, end);
      map(processes, flags, half(8), {
        ...range(address(16), address(24)),
        offset: address(32),
        path,
        executable,
        time,
      });
      return true;
    }
    case MMAP2: {
      if (size < 72) return false;
      const executable = (half(64) & PROT_EXEC) !== 0;
      const path = textAt(bytes, at + 72, end);
      const idLength = Math.min(20, bytes[at + 40]!);
      const buildId = flags & BUILD_ID_INSTEAD_OF_INODE ? hexAt(bytes, at + 44, at + 44 + idLength) : '';
      const facts = { ...range(address(16), address(24)), offset: address(32), path, executable, time };
      map(processes, flags, half(8), facts, buildId);
      return true;
    }
    case COMM:
      if (size < 16) return false;
      processes.rename(half(8), half(12), textAt(bytes, at + 16, end), (flags & BY_EXEC) !== 0);
      return true;
    case FORK:
      if (size < 24) return false;
      processes.fork(half(8), half(16), half(12), half(20), (flags & WAS_RUNNING) !== 0);
      return true;
    default: {
      if (size < 24) return false;
      const { start, end: stop } = range(address(8), view.getUint32(at + 16, little));
      const path = textAt(bytes, at + 24, end);
      if (view.getUint16(at + 22, little) & UNREGISTERED) processes.unmapKernel(start, stop);
      else processes.mapKernel({ start, end: stop, offset: 0, path, buildId: '', executable: true, time });
      return true;
    }
  }
}

/** A range of addresses by its start and length; never out of the half of the address space that it starts in. */
function range(start: number, length: number): { start: number; end: number } {
  // A length of the upper half reads as a negative number
  const size = length < 0 ? Number.MAX_SAFE_INTEGER : length;
  return { start, end: start < 0 ? Math.min(0, start + size) : start + size };
}

function map(
  processes: Processes,
  flags: number,
  pid: number,
  facts: Omit<PerfMapping, 'buildId'>,
  buildId = '',
): void {
  const mode = flags & CPU_MODE;
  // Mappings of guests would lie over those of the host
  if (mode > HIGHEST_HOST_MODE) return;
  if (mode !== KERNEL && pid !== -1) processes.map(pid, { ...facts, buildId });
  else processes.mapKernel({ ...facts, path: facts.path.replace(/^(\[.*\])_s?text$/, '$1'), buildId });
}
