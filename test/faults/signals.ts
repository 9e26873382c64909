import type { Fault } from './rows.ts';
import type { Sent } from './under-fault.ts';

/** Long enough after the program began for some samples. */
const SOON = 700;

const one = (signal: NodeJS.Signals, to: Sent['to'] = 'leader'): Sent[] => [{ signal, to, after: SOON }];
const twice: readonly Sent[] = [...one('SIGINT', 'group'), { signal: 'SIGINT', to: 'group', after: 300 }];

/** Commands that say that their program is `ready` by passing on what it prints. */
const recorders = ['record', 'perf-stat', 'massif', 'heap'];

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
    heard(tool, 'SIGKILL', 'family', one('SIGKILL'), killed),
    heard(tool, 'Ctrl-C twice, and the program hears neither', 'deaf', twice, { code: 130, result: 'none' }),
  ]),
  heard('flame (perf)', 'SIGQUIT to us alone', 'endless', one('SIGQUIT')),
  heard('flame (perf)', 'Ctrl-C, and the program ends itself', 'handler', one('SIGINT', 'group')),
  heard('flame (v8)', 'SIGKILL', 'family', one('SIGKILL'), killed),
  heard('flame (v8)', 'SIGTERM to us alone', 'family', one('SIGTERM')),
  heard('dhat', 'Ctrl-C', 'family', one('SIGINT', 'group')),
  heard('dhat', 'SIGKILL', 'endless', one('SIGKILL'), killed),
  heard('record', 'SIGKILL, and the program hears no SIGTERM', 'deaf', one('SIGKILL'), killed),
  heard('console', 'SIGKILL', 'timer', one('SIGKILL'), { ...killed, options: ['--for', '30s'] }),
  ...['bench', 'load'].map((tool): Fault => {
    const sent = [{ signal: 'SIGKILL', to: 'leader', after: 1500 }] as const;
    const options = tool === 'load' ? ['-d', '30s'] : [];
    return { tool, fault: 'SIGKILL', way: ['endless'], options, row: { sent }, ...killed };
  }),
];
