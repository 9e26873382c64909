const HARDWARE = [
  'cycles',
  'instructions',
  'cache-references',
  'cache-misses',
  'branches',
  'branch-misses',
  'bus-cycles',
  'stalled-cycles-frontend',
  'stalled-cycles-backend',
  'ref-cycles',
];

const SOFTWARE = [
  'cpu-clock',
  'task-clock',
  'page-faults',
  'context-switches',
  'cpu-migrations',
  'minor-faults',
  'major-faults',
  'alignment-faults',
  'emulation-faults',
  'dummy',
  'bpf-output',
  'cgroup-switches',
];

const CACHES = ['L1-dcache', 'L1-icache', 'LLC', 'dTLB', 'iTLB', 'branch', 'node'];
const CACHE_ACCESSES = [
  ['loads', 'load-misses'],
  ['stores', 'store-misses'],
  ['prefetches', 'prefetch-misses'],
];

export interface NamelessEvent {
  /** `PERF_TYPE_*`. */
  readonly type: number;
  readonly config: number;
  readonly excludesUser: boolean;
  readonly excludesKernel: boolean;
  /** 0 to 3: how near to the instruction samples must be. */
  readonly precise: number;
}

/** perf's name of an event that the file gives none, by the tables of its tools/perf/util/evsel.c. */
export function eventNameOf(event: NamelessEvent): string {
  const { type, config, excludesUser, excludesKernel, precise } = event;
  const modes = excludesUser === excludesKernel ? '' : excludesKernel ? 'u' : 'k';
  const modifiers = modes + 'p'.repeat(precise);
  return baseName(type, config) + (modifiers === '' ? '' : `:${modifiers}`);
}

function baseName(type: number, config: number): string {
  const raw = `0x${config.toString(16)}`;
  switch (type) {
    case 0:
      return HARDWARE[config % 2 ** 32] ?? `unknown-hardware:${raw}`;
    case 1:
      return SOFTWARE[config] ?? `unknown-software:${raw}`;
    case 2:
      return `tracepoint:${config}`;
    case 3:
      return cacheName(config) ?? `unknown-cache:${raw}`;
    case 4:
      return `raw ${raw}`;
    case 5:
      return 'mem';
    default:
      return `pmu-${type}/config=${raw}/`;
  }
}

function cacheName(config: number): string | undefined {
  const cache = CACHES[config & 0xff];
  const access = CACHE_ACCESSES[(config >>> 8) & 0xff]?.[(config >>> 16) & 0xff];
  return cache && access && `${cache}-${access}`;
}
