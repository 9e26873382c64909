/** Kinds of records: below 64 the kernel's (include/uapi/linux/perf_event.h), from 64 on those that perf itself writes. */
export const MMAP = 1;
export const LOST = 2;
export const COMM = 3;
export const EXIT = 4;
export const THROTTLE = 5;
export const FORK = 7;
export const SAMPLE = 9;
export const MMAP2 = 10;
export const AUX = 11;
export const LOST_SAMPLES = 13;
export const SWITCH = 14;
export const SWITCH_CPU_WIDE = 15;
export const KSYMBOL = 17;
const FIRST_OF_PERF = 64;
export const HEADER_ATTR = 64;
export const TRACING_DATA = 66;
export const HEADER_BUILD_ID = 67;
export const FINISHED_ROUND = 68;
export const AUXTRACE = 71;
export const EVENT_UPDATE = 78;
export const HEADER_FEATURE = 80;
export const COMPRESSED = 81;
export const COMPRESSED2 = 83;

/** Every record starts with its kind (4 bytes), flags (2) and its size, these included (2). */
export const RECORD_HEADER = 8;

/** The last kinds that are known, of the kernel and of perf; later ones are skipped and named. */
const LAST_OF_KERNEL = 22;
const LAST_OF_PERF = 87;

export function isKnownRecord(type: number): boolean {
  return type < FIRST_OF_PERF ? type >= 1 && type <= LAST_OF_KERNEL : type <= LAST_OF_PERF;
}
