import type { CommandEntry } from './commands/registry.ts';

/** What `pforge-prof --help` prints: made here from the registry, because loading the option parser takes longer. */
export function rootHelp(commands: readonly CommandEntry[]): string {
  const widest = Math.max(...commands.map(({ name }) => name.length));
  const list = commands.map(({ name, summary }) => `  ${name.padEnd(widest)}  ${summary}`).join('\n');
  return `Find out why a program is slow or eats memory: record it with the real profilers, look at one picture, compare two.

Examples:
  pforge-prof flame -- node server.js               record, and get an interactive flame graph
  pforge-prof flame profile.cpuprofile -o x.svg     draw a recording
  pforge-prof diff before.svg after.svg > diff.svg  what changed between two of them
  pforge-prof report perf.data -o report.md         the same in words
  pforge-prof convert in.pprof -o out.speedscope    any format to another
  pforge-prof massif -- ./app                       the heap over time; pforge-prof heap -- node app.js for node
  pforge-prof bench --against main                  is this state slower than main?
  pforge-prof load /api -- node server.js           how many requests a second, how late the slow ones are
  pforge-prof console -- node server.js             live: tasks, what is open, what blocks the event loop
  pforge-prof check bench.json                      are the budgets kept?

Usage: pforge-prof <command> [options] [input...] [-- program args...]

Commands:
${list}

Options:
  -h, --help     this text; pforge-prof <command> --help explains a command
  -V, --version  the version

Exit codes: 0 done (also after Ctrl-C); 1 a check failed; 2 usage or bad input; 125 a profiler is missing, not
permitted, or failed; 126, 127 the program cannot be run, is not found; 130 second Ctrl-C; otherwise the program's own.
`;
}

/** What `pforge-prof` alone says, in ten lines: the first steps, and where the rest stands. */
export function firstSteps(): string {
  return `Find out why a program is slow or eats memory: record it, look at one picture, compare two.
Usage: pforge-prof <command> [options] [input...] [-- program args...]

  pforge-prof flame -- node server.js               where the time goes: flamegraph.svg
  pforge-prof flame profile.cpuprofile              draw what another profiler has recorded
  pforge-prof diff before.svg after.svg > diff.svg  what changed, and what is only noise
  pforge-prof heap leak --load / -- node server.js  what grows with each round of load, and who keeps it
  pforge-prof bench --against main                  is this state slower than main?

--help lists all commands, <command> --help explains one, doctor tells what works on this machine.
`;
}
