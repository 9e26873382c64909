import { mkdirSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { Expected, Fault } from './rows.ts';
import { tools } from './tools.ts';

/** A way to misbehave, and what is to come of it where a tool says nothing else. */
interface Misbehaviour extends Expected {
  readonly fault: string;
  readonly way: readonly string[];
  readonly options?: readonly string[];
  readonly stdin?: string;
  readonly prepare?: Exclude<Fault['prepare'], undefined>;
}

const deletes: Misbehaviour = {
  fault: 'deletes the output folder',
  way: ['delete'],
  code: 0,
  prepare: ({ cwd }) => ({ tail: [`${cwd}/out`] }),
};

/** The folder of the recording goes with it. */
const deletesTemporary: Misbehaviour = {
  fault: 'deletes the temporary folder',
  way: ['delete'],
  code: 125,
  result: 'none',
  says: /the recording is lost: its folder, .*, was removed meanwhile/,
  prepare: ({ tmp }) => {
    const TMPDIR = join(tmp, 'own');
    mkdirSync(TMPDIR);
    return { env: { TMPDIR }, tail: [TMPDIR] };
  },
};

/** What both programs can do. */
const both: readonly Misbehaviour[] = [
  { fault: 'exits 3', way: ['exit', '3'], code: 3 },
  { fault: 'dies of SIGSEGV', way: ['signal', '11'], code: 139 },
  { fault: 'dies of SIGKILL', way: ['signal', '9'], code: 137 },
  { fault: 'dies of SIGTERM', way: ['signal', '15'], code: 143 },
  { fault: 'forks', way: ['fork'], code: 0 },
  { fault: 'forks twice', way: ['doublefork'], code: 0 },
  { fault: 'daemonises', way: ['daemon'], code: 0 },
  { fault: 'closes standard output and error', way: ['closeerr'], code: 0 },
  { fault: 'reads standard input', way: ['stdin', '5'], stdin: 'hello', code: 0 },
  { fault: 'changes its folder', way: ['chdir'], code: 0 },
  { fault: 'never exits (-d)', way: ['endless'], options: ['-d', '3'], code: 0 },
  { fault: 'runs out of memory', way: ['oom'], code: 134 },
  deletes,
];

const inC: readonly Misbehaviour[] = [
  ...both,
  { fault: 'reads where nothing is', way: ['segv'], code: 139 },
  { fault: 'becomes another program', way: ['exec'], code: 6 },
  { fault: 'starts threads', way: ['threads'], code: 0 },
  { fault: 'ignores SIGTERM (-d)', way: ['stubborn'], options: ['-d', '1'], code: 0 },
  { fault: 'needs a terminal, and has none', way: ['tty'], code: 94 },
  { fault: 'is given blanks, newlines and nothing', way: ['arguments', 'a b\n-c;$(d)', ''], code: 0 },
  deletesTemporary,
];

const inNode: readonly Misbehaviour[] = [
  ...both,
  { fault: 'throws', way: ['throw'], code: 1 },
  { fault: 'leaves a rejection', way: ['reject'], code: 1 },
  { fault: 'aborts', way: ['abort'], code: 134 },
  { fault: 'starts a worker thread', way: ['worker'], code: 0 },
  { fault: 'exits while a worker thread is busy', way: ['workerexit'], code: 5 },
];

const PRINTED = 1 << 30;
const prints: Misbehaviour = { fault: 'prints 1 GB', way: ['print'], code: 0, printed: PRINTED };
const tooShort: Misbehaviour = {
  fault: 'is too short for a sample',
  way: ['short'],
  code: 125,
  result: 'none',
  says: /no samples|nothing was recorded|too little/,
};

/** On a slow machine even the start of a program lasts a period of the usual rate. */
const SELDOM = { options: ['-F', '1'] };

/** Which of them befall which tool; valgrind, which is slow, gets a third. */
const chosen: readonly (readonly [tool: string, ways: readonly Misbehaviour[], only?: readonly string[]])[] = [
  ['flame (perf)', [...inC, prints, { ...tooShort, ...SELDOM }]],
  ['record', [...inC, { ...tooShort, ...SELDOM }]],
  ['perf-stat', [...inC, { ...tooShort, code: 0, result: 'readable', says: /./ }]],
  [
    'massif',
    inC,
    [
      'exits 3',
      'dies of SIGSEGV',
      'forks',
      'daemonises',
      'becomes another program',
      'deletes the output folder',
      'deletes the temporary folder',
      'never exits (-d)',
    ],
  ],
  [
    'dhat',
    inC,
    [
      'dies of SIGTERM',
      'forks twice',
      'runs out of memory',
      'starts threads',
      'deletes the output folder',
      'deletes the temporary folder',
      'changes its folder',
    ],
  ],
  [
    'bench',
    inC,
    [
      'exits 3',
      'dies of SIGKILL',
      'forks',
      'daemonises',
      'closes standard output and error',
      'deletes the output folder',
      'runs out of memory',
      'starts threads',
    ],
  ],
  ['flame (v8)', [...inNode, prints]],
  ['heap', [...inNode, tooShort]],
  [
    'console',
    inNode,
    ['exits 3', 'dies of SIGSEGV', 'throws', 'aborts', 'daemonises', 'changes its folder', 'starts a worker thread'],
  ],
  [
    'load',
    inNode,
    [
      'exits 3',
      'dies of SIGKILL',
      'throws',
      'leaves a rejection',
      'runs out of memory',
      'exits while a worker thread is busy',
      'deletes the output folder',
    ],
  ],
];

/** Where a tool does something else, which is right. */
const exceptions: Readonly<Record<string, Expected>> = {
  // It became a shell, which massif does not follow unless it is told to, and says so
  'massif becomes another program': { code: 125, result: 'none', says: /--trace-children/ },
  // Before the first checkpoint of a recording, which is after three seconds
  'flame (v8) runs out of memory': { code: [125, 134], result: 'either' },
  'heap runs out of memory': { code: [125, 134], result: 'either' },
  // V8 samples at random: now and then the start of node itself is a sample
  'heap is too short for a sample': { code: [0, 125], result: 'either', says: /./ },
  // A command that fails was not measured
  'bench exits 3': { code: 1, says: /exited with 3/ },
  'bench dies of SIGKILL': { code: 1, says: /signal 9/ },
  'bench runs out of memory': { code: 1, says: /signal 6/ },
};

/** A signal ends the program; one command after the other takes the next signal, and record all that say how they end. */
const deadly: readonly (keyof typeof constants.signals)[] = [
  ...([
    'SIGHUP',
    'SIGINT',
    'SIGQUIT',
    'SIGILL',
    'SIGTRAP',
    'SIGABRT',
    'SIGBUS',
    'SIGFPE',
    'SIGUSR1',
    'SIGUSR2',
  ] as const),
  ...([
    'SIGPIPE',
    'SIGALRM',
    'SIGSTKFLT',
    'SIGXCPU',
    'SIGXFSZ',
    'SIGVTALRM',
    'SIGPROF',
    'SIGIO',
    'SIGPWR',
    'SIGSYS',
  ] as const),
];

function bySignal(): Fault[] {
  const takers = ['perf-stat', 'record', 'flame (perf)', 'perf-stat'];
  return deadly.map((signal, i) => {
    const number = constants.signals[signal];
    const tool = takers[i % takers.length]!;
    return {
      tool,
      fault: `dies of ${signal}`,
      way: ['signal', String(number)],
      code: 128 + number,
      says: new RegExp(`killed by ${signal}\\b`),
    };
  });
}

/** Programs that misbehave, under every command that runs one. */
export const programFaults: readonly Fault[] = [
  ...chosen.flatMap(([tool, ways, only]) => {
    if (!tools.has(tool)) throw new Error(`no tool ${tool}`);
    return ways
      .filter(({ fault }) => only === undefined || only.includes(fault))
      .map(({ stdin, ...one }): Fault => {
        const exception = exceptions[`${tool} ${one.fault}`] ?? {};
        return { ...one, ...exception, tool, ...(stdin === undefined ? {} : { row: { stdin } }) };
      });
  }),
  ...bySignal(),
];
