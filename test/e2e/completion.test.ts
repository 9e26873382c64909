import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../src/commands/registry.ts';
import { optionalTool, requireTool } from '../require-tool.ts';
import { bin, runCli, workFolder } from './run-cli.ts';

const cwd = workFolder();
const script = (shell: string): string => join(cwd, `completion.${shell}`);
const has = (program: string): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

beforeAll(() => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    writeFileSync(script(shell), execFileSync(process.execPath, [bin, 'completion', shell]));
  }
});

/** What is typed so far, and words that are offered for it. */
const CASES: readonly (readonly [string, readonly string[]])[] = [
  ['pforge-prof fl', ['flame']],
  ['pforge-prof flame --fo', ['--format', '--focus']],
  ['pforge-prof flame --format s', ['svg', 'speedscope']],
  ['pforge-prof heap d', ['diff']],
  ['pforge-prof load im', ['import']],
  ['pforge-prof completion z', ['zsh']],
  ['pforge-prof flame -o fl', ['flame-of-yesterday.svg']],
  ['pforge-prof flame -- ls fl', ['flame-of-yesterday.svg']],
  ['diffflame --match e', ['exact']],
];

writeFileSync(join(cwd, 'flame-of-yesterday.svg'), '');

describe.skipIf(!requireTool('bash', has('bash')))('bash', () => {
  // Nothing offered: bash goes on with files, as `complete -o default` says
  const driver = `. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _pforge_prof
    [ \${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")); printf '%s\\n' "\${COMPREPLY[@]}"`;
  const offered = (...words: string[]): string[] =>
    execFileSync('bash', ['-c', driver, 'bash', script('bash'), ...words], { cwd, encoding: 'utf8' }).split('\n');

  test.each(CASES)('%s', (typed, expected) => {
    expect(offered(...typed.split(' '))).toEqual(expect.arrayContaining([...expected]));
  });

  test('--format=svg is three words to bash', () => {
    expect(offered('pforge-prof', 'flame', '--format', '=', 's')).toEqual(expect.arrayContaining(['svg']));
  });

  test('every command is offered; after -- programs are', () => {
    const names = commands.map(({ name }) => name);
    expect(offered('pforge-prof', '')).toEqual(expect.arrayContaining(names));
    expect(offered('pforge-prof', 'flame', '--', 'bas')).toContain('bash');
    expect(offered('/opt/bin/diffflame', '--mat')).toContain('--match');
  });
});

describe.skipIf(!optionalTool('fish', has('fish')))('fish', () => {
  const offered = (typed: string): string[] =>
    execFileSync('fish', ['-c', 'source $argv[1]; complete -C $argv[2]', script('fish'), typed], {
      cwd,
      env: { ...process.env, HOME: cwd },
      encoding: 'utf8',
    })
      .split('\n')
      .map((line) => line.split('\t')[0]!);

  test.each(CASES)('%s', (typed, expected) => {
    expect(offered(typed)).toEqual(expect.arrayContaining([...expected]));
  });

  test("after -- a program, and then that program's own words", () => {
    expect(offered('pforge-prof flame -- bas')).toContain('bash');
    expect(offered('pforge-prof flame -- git -C /tmp comm')).toContain('commit');
    expect(offered('pforge-prof flame ')).not.toContain('report');
  });
});

describe.skipIf(!optionalTool('zsh', has('zsh')))('zsh', () => {
  // Words are typed into a real zsh in a pseudo terminal, which has as long as it needs to show what is wanted
  const driver = `zmodload zsh/zpty; zpty z zsh -f -i
    settled() { local more; shown=; for ((quiet = 0; quiet < 8; quiet++)); do
      sleep 0.05; while zpty -r -t z more; do shown+=$more quiet=0; done; done }
    appeared() { local more part missing; shown=; for ((tries = 0; tries < 200; tries++)); do
      while zpty -r -t z more; do shown+=$more; done
      missing=; for part in \${(f)wanted}; do [[ $shown == *$part* ]] || missing=1; done
      [[ -z $missing ]] && return; sleep 0.05; done; }
    zpty -w z "PS1= ; unset zle_bracketed_paste; autoload -U compinit; compinit -u -D; source '$1'; LISTMAX=0; stty rows 200 cols 200; print READY-\${:-NOW}"
    zpty -r -m z shown '*READY-NOW*'; settled
    for typed wanted in "$@[2,-1]"; do
      zpty -w -n z "$typed"$'\\t\\t'; appeared; print -r -- "$shown"; print 'END OF CASE'; zpty -w -n z $'\\C-u'; settled
    done
    zpty -d z`;
  // Where one word is left, zsh types the rest of it
  const wanted = (expected: readonly string[]): readonly string[] =>
    expected.length > 1 ? expected : expected.map((word) => word.slice(-2));
  const shown = (): string[] =>
    execFileSync(
      'zsh',
      [
        '-f',
        '-c',
        driver,
        'zsh',
        script('zsh'),
        ...CASES.flatMap(([typed, expected]) => [typed, wanted(expected).join('\n')]),
      ],
      {
        cwd,
        encoding: 'utf8',
        timeout: 60_000,
      },
    )
      .replaceAll(/\u001b\[[\d;?]*[A-Za-z]/g, '')
      .split('END OF CASE');

  test('what is typed is completed', () => {
    const screens = shown();
    for (const [i, [typed, expected]] of CASES.entries()) {
      for (const word of wanted(expected)) expect(screens[i], typed).toContain(word);
    }
  });
});

test('an unknown shell', async () => {
  const { code, stderr } = await runCli(['completion', 'tcsh']);
  expect(stderr).toBe("pforge-prof: error: there is no completion for 'tcsh'; known are bash, zsh, fish\n");
  expect(code).toBe(2);
});
