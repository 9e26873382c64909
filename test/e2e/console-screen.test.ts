import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openRecording } from '../../src/console/recording.ts';
import { command, hasTmux, openTerminal } from '../tmux.ts';
import { example, runCli, workFolder } from './run-cli.ts';

/** Starts a node program that outlives nothing but the test. @returns when it has printed something */
async function startProgram(name: string): Promise<ChildProcess> {
  // Another test may have an inspector on the usual port
  const child = spawn(process.execPath, ['--inspect-port=0', example(name)], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout!, 'data');
  return child;
}

const INTERVAL = 'async/leaked-interval.js';

describe.skipIf(!hasTmux)('the terminal', () => {
  test('a program is started, its output kept off the screen; it ends by itself: said, and its exit code passed on', async () => {
    const terminal = openTerminal(80, 24);
    const script = 'console.log("printed"); setTimeout(() => process.exit(7), 4000)';
    terminal.run(`${command('console', '--log', 'log.txt', '--', process.execPath, '-e', script)}; echo code $?`);
    expect(await terminal.until(/running/)).not.toMatch(/^printed/m);
    terminal.press('6');
    await terminal.until(/\[6 Output\]\nprinted\n/);
    await terminal.until(/ENDED[\s\S]*has ended with exit code 7 +q quit/);
    terminal.press('q');
    await terminal.until(/has ended with exit code 7\ncode 7/);
    expect(readFileSync(join(terminal.folder, 'log.txt'), 'utf8')).toBe('printed\n');
  });

  test('a process is attached to and killed while it is watched: said clearly, terminal restored', async () => {
    const program = await startProgram(INTERVAL);
    const terminal = openTerminal(100, 24);
    terminal.run('echo before');
    terminal.run(`${command('console', '--pid', String(program.pid))}; echo code $?; stty -a`);
    await terminal.until(/running/);
    program.kill('SIGKILL');
    await terminal.until(/ENDED[\s\S]*process \d+ (?:was killed|has ended)[^\n]* q quit/);
    terminal.press('q');
    const after = await terminal.until(/code 0[\s\S]*\bicanon /);
    expect(after).toContain('before');
  });

  test('left with q, by SIGTERM and by SIGHUP the process goes on and the terminal is restored', async () => {
    const program = await startProgram(INTERVAL);
    const watch = command('console', '--pid', String(program.pid));
    for (const leave of ['q', 'TERM', 'HUP']) {
      const terminal = openTerminal(80, 24);
      terminal.run(`${watch}; echo left; stty -a`);
      await terminal.until(/running/);
      if (leave === 'q') terminal.press('q');
      else signalConsole(program.pid!, leave);
      expect(await terminal.until(/left[\s\S]*\bicanon /)).toMatch(/\bisig icanon [\s\S]* echo /);
    }
    expect(program.exitCode).toBe(null);
    expect(program.signalCode).toBe(null);
  });

  test('ctrl-Z gives the shell, fg the screen again', async () => {
    const program = await startProgram(INTERVAL);
    const terminal = openTerminal(80, 24);
    terminal.run(command('console', '--pid', String(program.pid)));
    await terminal.until(/running/);
    terminal.press('C-z');
    await terminal.until(/Stopped/);
    terminal.run('echo in the shell; stty -a');
    await terminal.until(/in the shell\n[\s\S]*\bicanon /);
    terminal.run('fg');
    await terminal.until(/^\S*node [\s\S]*\[1 Tasks\]/);
    terminal.press('4');
    await terminal.until(/\[4 Loop\]/);
    terminal.press('q');
    await terminal.until(/in the shell/);
  });
});

function signalConsole(pid: number, signal: string): void {
  const words = `console\0--pid\0${pid}\0`;
  for (const other of processes()) {
    if (commandOf(other).endsWith(words)) process.kill(other, `SIG${signal}`);
  }
}

function processes(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

test('--record keeps every snapshot, which the same command plays again', async () => {
  const folder = workFolder();
  const words = ['console', '--json', '--for', '3s', '--record', 'day.console'];
  const live = await runCli([...words, '--', process.execPath, example(INTERVAL)], { cwd: folder });
  expect(live.code).toBe(0);
  expect(live.stderr).toContain('wrote day.console');
  // What the program prints is never among the data
  expect(live.stderr).toContain('the work is done');
  const snapshot = JSON.parse(live.stdout);
  const path = join(folder, 'day.console');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const recording = openRecording(path);
  expect(recording.length).toBeGreaterThan(1);
  recording.close();
  const again = await runCli(['console', '--json', path]);
  expect(JSON.parse(again.stdout)).toEqual(snapshot);
  expect(live.survivors).toEqual([]);
});

test('--once of a program that ends by itself passes its exit code on', async () => {
  const { code, stdout, stderr } = await runCli([
    'console',
    '--once',
    '--',
    process.execPath,
    '-e',
    'setTimeout(() => process.exit(3), 2500)',
  ]);
  expect(code).toBe(3);
  expect(stdout).toContain('Tasks');
  expect(stderr).toContain('has ended with exit code 3');
});
