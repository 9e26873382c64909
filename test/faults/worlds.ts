import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findTool } from '../../src/processes/executables.ts';
import type { Fault } from './rows.ts';
import type { Place, Row } from './under-fault.ts';

/** Puts a shell around the command: `"$@"` is the command. */
const inShell =
  (script: string): Row['wrap'] =>
  (words) => ['sh', '-c', script, 'sh', ...words];

/** What the command has left in a folder that only it can see is told by a file that is not to be there. */
const tellLeft = (folder: string): string =>
  `left=$(ls -A ${folder} | grep -v '^filler$'); [ -z "$left" ] || echo "$left" > leftovers; exit $code`;

function mounted(options: string, folder: string, filled = false): Row['wrap'] {
  const fill = filled ? `cat /dev/zero > ${folder}/filler 2>/dev/null; ` : '';
  const script = `mount -t tmpfs -o ${options} tmpfs ${folder}; ${fill}"$@"; code=$?; ${tellLeft(folder)}`;
  return (words) => ['unshare', '-m', 'sh', '-c', script, 'sh', ...words];
}

const writers = ['flame (perf)', 'record', 'perf-stat', 'massif', 'dhat', 'bench', 'flame (v8)', 'heap', 'load'];

function places(): Fault[] {
  const full = writers.map((tool): Fault => {
    const row = { wrap: mounted('size=16k', 'out', true) };
    return { tool, fault: 'the disk is full', row, code: 125, result: 'none', says: /no space|disk is full|ENOSPC/ };
  });
  const readOnly = writers.map((tool): Fault => {
    const row = { wrap: mounted('ro', 'out') };
    return { tool, fault: 'the folder is read-only', row, code: 2, result: 'none', says: /read-only file system/ };
  });
  const noTemporary = ['flame (perf)', 'record', 'massif', 'flame (v8)', 'heap'].map((tool): Fault => {
    const row = { wrap: mounted('ro', '../tmp') };
    const says = /cannot make a temporary folder .*set TMPDIR/;
    return { tool, fault: 'the temporary folder cannot be written', row, code: 125, result: 'none', says };
  });
  const fullTemporary = ['record', 'massif', 'flame (v8)'].map((tool): Fault => {
    const row = { wrap: mounted('size=8k', '../tmp', true) };
    return { tool, fault: 'the temporary disk is full', row, code: 125, result: 'none', says: /error: / };
  });
  return [...full, ...readOnly, ...noTemporary, ...fullTemporary];
}

function limits(): Fault[] {
  return ['record', 'perf-stat', 'flame (v8)', 'bench', 'massif', 'load'].map((tool) => ({
    tool,
    fault: 'ulimit -n 64',
    row: { wrap: inShell('ulimit -n 64; exec "$@"') },
    code: 0,
  }));
}

/** PATH on which there is nothing but what is given. */
function pathOf(folder: string, ...names: readonly string[]): string {
  mkdirSync(folder);
  for (const name of ['sh', 'cat', 'env', 'setpriv', ...names]) {
    const found = findTool(name);
    if (found !== undefined) symlinkSync(found, join(folder, name));
  }
  symlinkSync(process.execPath, join(folder, 'node'));
  return folder;
}

const besides = ({ cwd }: Place): string => join(cwd, '../programs');

function missing(): Fault[] {
  const without =
    (...names: readonly string[]) =>
    (place: Place) => ({ env: { PATH: pathOf(besides(place), ...names) } });
  const none = { code: 125, result: 'none' } as const;
  return [
    { tool: 'record', fault: 'perf is missing', prepare: without(), ...none, says: /perf.*apt-get install/ },
    { tool: 'flame (perf)', fault: 'perf is missing', prepare: without(), ...none, says: /perf.*apt-get install/ },
    { tool: 'perf-stat', fault: 'perf is missing', prepare: without(), code: 0, says: /perf is not installed|perf/ },
    { tool: 'massif', fault: 'valgrind is missing', prepare: without('perf'), ...none, says: /install valgrind/ },
    { tool: 'dhat', fault: 'valgrind is missing', prepare: without('perf'), ...none, says: /install valgrind/ },
  ];
}

/** perf runs, and the kernel says no to it. */
function refused(): Fault[] {
  const perf = findTool('perf');
  const strace = findTool('strace');
  if (perf === undefined || strace === undefined) return [];
  const by = (error: string) => (place: Place) => {
    const folder = besides(place);
    mkdirSync(folder);
    const inject = `-e inject=perf_event_open:error=${error}`;
    writeFileSync(join(folder, 'perf'), `#!/bin/sh\nexec ${strace} -f -o /dev/null ${inject} ${perf} "$@"\n`);
    chmodSync(join(folder, 'perf'), 0o755);
    return { env: { PATH: `${folder}:${process.env.PATH}` } };
  };
  return ['EACCES', 'EPERM', 'ENOSYS', 'ENOENT', 'EMFILE', 'EBUSY', 'EINVAL', 'ENODEV'].map((error, i) => ({
    tool: i % 2 === 0 ? 'record' : 'flame (perf)',
    fault: `perf_event_open: ${error}`,
    prepare: by(error),
    code: 125,
    result: 'none' as const,
  }));
}

/** A program called like a tool of ours, in the folder where we run, on a PATH that has that folder. */
function impostors(): Fault[] {
  return [
    ['record', 'perf'],
    ['massif', 'valgrind'],
    ['heap', 'setpriv'],
  ].map(([tool, name]) => ({
    tool: tool!,
    fault: `a ./${name} that must not run`,
    allowed: [name!],
    code: 0,
    prepare: ({ cwd }) => {
      writeFileSync(join(cwd, name!), '#!/bin/sh\ntouch it-ran\nexit 0\n');
      chmodSync(join(cwd, name!), 0o755);
      return { env: { PATH: `:.:${process.env.PATH}` } };
    },
  }));
}

function names(): Fault[] {
  const odd = ['out/a b.svg', 'out/a\nb.svg', 'out/-a.svg', 'out/\u001b[31m.svg', 'out/$(touch x);\'".svg', '-a.svg'];
  return [
    ...odd.map((output, i): Fault => {
      const tool = i % 2 === 0 ? 'flame (perf)' : 'flame (v8)';
      return { tool, fault: `a result called ${JSON.stringify(output)}`, output, code: 0 };
    }),
    {
      tool: 'record',
      fault: 'an argument of the program is not UTF-8',
      row: { wrap: inShell(String.raw`exec "$@" "$(printf '\377')"`) },
      code: 2,
      result: 'none',
      says: /not valid UTF-8/,
    },
    {
      tool: 'flame (v8)',
      fault: 'the name of the result is not UTF-8',
      row: {
        wrap: inShell(
          String.raw`first=$1 second=$2 third=$3; shift 3; exec "$first" "$second" "$third" --title x -o "$(printf 'out/\377.svg')" -- node -e 0`,
        ),
      },
      code: 2,
      result: 'none',
      says: /not valid UTF-8/,
    },
    {
      tool: 'record',
      fault: 'the program needs a terminal, and has one',
      way: ['tty'],
      row: { wrap: (words) => ['script', '-qec', words.map((word) => `'${word}'`).join(' '), '/dev/null'] },
      code: 0,
    },
  ];
}

/** What is wrong with the machine, and what we are called with. */
export const worldFaults: readonly Fault[] = [
  ...(process.getuid?.() === 0 && findTool('unshare') !== undefined ? places() : []),
  ...limits(),
  ...missing(),
  ...refused(),
  ...impostors(),
  ...names(),
];
