/**
 * The formats that can be written, and the file name extension that stands for each: what options and file names need
 * to know before any format is loaded. A test holds this list against the registry.
 */
export const WRITABLE_FORMATS: readonly { readonly id: string; readonly extension: string }[] = [
  { id: 'folded', extension: 'folded' },
  { id: 'cpuprofile', extension: 'cpuprofile' },
  { id: 'json', extension: 'json' },
  { id: 'heapprofile', extension: 'heapprofile' },
  { id: 'pprof', extension: 'pprof' },
  { id: 'speedscope', extension: 'speedscope' },
  { id: 'gecko', extension: 'gecko' },
];
