import type { Command } from './command.ts';

/** One line a command; the module behind it is loaded only when the command runs. */
export interface CommandEntry {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
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
    name: 'doctor',
    usage: '[options]',
    summary: 'tell what works on this machine, what does not, and the one command that mends each',
    load: async () => (await import('./doctor.ts')).doctor,
  },
];
