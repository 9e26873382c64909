import type { Fault } from './rows.ts';
import type { Sent } from './under-fault.ts';

/** Long enough after the program began for some samples. */
const SOON = 700;

const one = (signal: NodeJS.Signals, to: Sent['to'] = 'leader'): Sent[] => [{ signal, to, after: SOON }];
const twice: readonly Sent[] = [...one('SIGINT', 'group'), { signal: 'SIGINT', to: 'group', after: 300 }];

/** Commands that say that their program is `ready` by passing on what it prints. */
const recorders = ['record', 'perf-stat', 'massif', 'heap'];
/** Later: what the program has started is looked for a few times a second, where the machine has time for it. */
const KILL: readonly Sent[] = [{ signal: 'SIGKILL', to: 'leader', after: 1500 }];

const killed = { code: 'SIGKILL', result: 'either' } as const;

function heard(tool: string, fault: string, way: string, sent: readonly Sent[], rest: Partial<Fault> = {}): Fault {
  return { tool, fault, way: [way], row: { sent, awaitsReady: true }, code: 0, ...rest };
}

/** Signals that we get while a program runs. What flame does with them is in test/e2e/interrupts.test.ts, too. */
export const signalFaults: readonly Fault[] = [
  ...recorders.flatMap((tool) => [
    heard(tool, 'Ctrl-C', 'family', one('SIGINT', 'group')),
    heard(tool, 'SIGINT to us alone', 'endless', one('SIGINT')),
    heard(tool, 'SIGTERM to us alone', 'family', one('SIGTERM')),
    heard(tool, 'SIGHUP to us alone', 'endless', one('SIGHUP')),
    heard(tool, 'SIGKILL', 'family', KILL, killed),
    heard(tool, 'Ctrl-C twice, and the program hears neither', 'deaf', twice, { code: 130, result: 'none' }),
  ]),
  heard('flame (perf)', 'SIGQUIT to us alone', 'endless', one('SIGQUIT')),
  heard('flame (perf)', 'Ctrl-C, and the program ends itself', 'handler', one('SIGINT', 'group')),
  heard('flame (v8)', 'SIGKILL', 'family', KILL, killed),
  heard('flame (v8)', 'SIGTERM to us alone', 'family', one('SIGTERM')),
  heard('dhat', 'Ctrl-C', 'family', one('SIGINT', 'group')),
  heard('dhat', 'SIGKILL', 'endless', KILL, killed),
  heard('record', 'SIGKILL, and the program hears no SIGTERM', 'deaf', KILL, killed),
  ...['bench', 'load', 'console'].map((tool): Fault => {
    const options = { bench: [], load: ['-d', '30s'], console: ['--for', '30s'] }[tool] ?? [];
    return { tool, fault: 'SIGKILL', way: ['endless'], options, row: { sent: KILL }, ...killed };
  }),
];
