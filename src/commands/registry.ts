import type { Command } from './command.ts';

/** One line a command; the module behind it is loaded only when the command runs. */
export interface CommandEntry {
  readonly name: string;
  /** Other words for it. */
  readonly aliases?: readonly string[];
  readonly usage: string;
  readonly summary: string;
  /** What may stand in the place of the first input. */
  readonly words?: readonly string[];
  load(): Promise<Command>;
}

export const commands: readonly CommandEntry[] = [
  {
    name: 'flame',
    usage: '[options] [input...] [-- program args...]',
    summary: 'record a program, or read recordings, and draw an interactive flame graph',
    load: async () => (await import('./flame.ts')).flame,
  },
  {
    name: 'record',
    usage: '[options] [-- program args...]',
    summary: 'record a program or a process and keep the recording, for flame, report and convert',
    load: async () => (await import('./record.ts')).recordCommand,
  },
  {
    name: 'report',
    usage: '[options] [input...]',
    summary: 'read recordings and tell what is hot: tables, call trees, callers, Markdown, CSV',
    load: async () => (await import('./report.ts')).report,
  },
  {
    name: 'convert',
    usage: '[options] [input...]',
    summary: 'read recordings of any format and write another',
    load: async () => (await import('./convert.ts')).convert,
  },
  {
    name: 'diff',
    aliases: ['diffflame'],
    usage: '[options] BEFORE AFTER',
    summary: 'compare two recordings or flame graphs: what changed, and what is only noise',
    load: async () => (await import('./diff.ts')).diff,
  },
  {
    name: 'view',
    usage: '[options] [input...]',
    summary: 'look at recordings in the browser; the page follows when they change',
    load: async () => (await import('./view.ts')).view,
  },
  {
    name: 'perf-stat',
    usage: '[options] [input | diff BEFORE AFTER] [-- program args...]',
    summary: 'count cycles, cache misses, faults, switches of a program, and say what the numbers mean',
    words: ['diff'],
    load: async () => (await import('./perf-stat.ts')).perfStat,
  },
  {
    name: 'massif',
    usage: '[options] [file | diff BEFORE AFTER] [-- program args...]',
    summary: 'record the heap of a program over time with valgrind, or read what massif left; who allocates how much',
    words: ['diff'],
    load: async () => (await import('./massif.ts')).massif,
  },
  {
    name: 'dhat',
    usage: '[options] [file] [-- program args...]',
    summary:
      'record what a program allocates with valgrind, or read what dhat left: who, how long, read and written how often',
    words: ['diff'],
    load: async () => (await import('./dhat.ts')).dhat,
  },
  {
    name: 'heap',
    usage: '[options] [file... | diff BEFORE AFTER... | leak] [-- node program args...]',
    summary: 'who allocates in a node program, started or running; what its heap holds, and what leaks',
    words: ['diff', 'leak'],
    load: async () => (await import('./heap.ts')).heap,
  },
  {
    name: 'bench',
    usage: '[options] [files...] [-- program args...]',
    summary: 'measure benchmarks and whole commands, and compare them without crying wolf',
    words: ['import'],
    load: async () => (await import('./bench.ts')).bench,
  },
  {
    name: 'load',
    usage: '[options] URL | diff BEFORE AFTER | import FILE [-- server args...]',
    summary: 'load an HTTP server, alone or one that it starts: latency percentiles, errors by kind, thresholds',
    words: ['diff', 'import'],
    load: async () => (await import('./load.ts')).load,
  },
  {
    name: 'console',
    usage: '[options] [recording] [-- node program args...]',
    summary: 'watch live what an async program does, node or tokio: tasks, resources, what blocks, the event loop',
    load: async () => (await import('./console.ts')).consoleCommand,
  },
  {
    name: 'track',
    usage: '[options] [results...]',
    summary: 'keep results of benchmarks over the commits, and tell since which one something changed',
    load: async () => (await import('./track.ts')).track,
  },
  {
    name: 'check',
    usage: '[options] [results...] [-- program args...]',
    summary:
      'hold results against budgets and what was before; tell continuous integration what failed, and since when',
    load: async () => (await import('./check.ts')).check,
  },
  {
    name: 'init',
    usage: '[options] [github | gitlab | config]',
    summary: 'write a pipeline for GitHub or GitLab, or budgets to begin with',
    load: async () => (await import('./init.ts')).init,
  },
  {
    name: 'push',
    usage: '[options] [input...] --to ADDRESS',
    summary: 'send profiles to ClickHouse, Pyroscope, OTLP; results to Prometheus, VictoriaMetrics',
    load: async () => (await import('./push.ts')).push,
  },
  {
    name: 'dashboard',
    usage: '[options]',
    summary: 'a page of the history: charts of all benchmarks with the commits that changed them',
    load: async () => (await import('./dashboard.ts')).dashboard,
  },
  {
    name: 'doctor',
    usage: '[options]',
    summary: 'tell what works on this machine, what does not, and the one command that mends each',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'completion',
    usage: 'bash|zsh|fish',
    summary: 'write what a shell needs to complete commands, options and their values',
    words: ['bash', 'zsh', 'fish'],
    load: async () => (await import('./completion.ts')).completion,
  },
];
