import { describe, expect, test } from 'vitest';
import { command, hasTmux, openTerminal, type Terminal } from '../tmux.ts';
import { example, runCli } from './run-cli.ts';

const watching = (...words: string[]): string => {
  const options = words.filter((word) => word === '--all');
  const program = words.filter((word) => word !== '--all');
  return `${command('console', ...options, '--', process.execPath, ...program)}; echo code $?`;
};

/** Leaves, and waits until the program that was started has ended too. */
async function quit(terminal: Terminal): Promise<void> {
  terminal.press('q');
  await terminal.until(/^code \d+$/m);
}

describe.skipIf(!hasTmux)('real programs on real terminals', () => {
  test('80x24: a server under load: who is busy, what is open, the loop', async () => {
    const terminal = openTerminal(80, 24);
    terminal.run(watching(example('server.js'), '--load', '60'));
    const tasks = await terminal.until(/^> .* \d[\d.]* (?:ms|µs|s) [\s\S]*server\.js:\d+/m);
    expect(tasks.split('\n')[0]).toMatch(/^\S*node .* running +\d\d:\d\d$/);
    expect(tasks).toMatch(/tasks ~?[\d,]+ live, \d+ places/);
    terminal.press('2');
    await terminal.until(/Kind +Opened +Closed +Live↓[\s\S]*server +1 +0 +1/);
    terminal.press('4');
    await terminal.until(/Utilization +\d+[\s\S]*p99\.9 +[\d.]+ (?:ms|µs|s)[\s\S]*heap used/);
    await quit(terminal);
  });

  test('200x50: a blocked loop: each of the five ways by its function and line', async () => {
    const terminal = openTerminal(200, 50);
    terminal.run(watching(example('async/blocked-loop.js')));
    await terminal.until(/running/);
    terminal.press('3');
    for (const [name, line] of [
      ['addUp', '1[0-3]'],
      ['matchSlowly', '17'],
      ['hashPassword', '21'],
      ['runTool', '25'],
      ['parseAll', '29'],
    ]) {
      await terminal.until(new RegExp(` ${name} +async/blocked-loop\\.js:${line}\\b`));
    }
    terminal.press('/', ...'hashPassword', 'Enter', 'Enter');
    await terminal.until(/held the loop \d+ times?[\s\S]*pbkdf2Sync/);
    await quit(terminal);
  });

  test('a leak of promises: the group that grows, by where it is made', async () => {
    const terminal = openTerminal(100, 24);
    terminal.run(watching(example('async/promise-leak.js')));
    await terminal.until(/running/);
    terminal.press('/', ...'waitForever', 'Enter');
    await terminal.until(/~?\d{1,2},\d{3} .*PROMISE +waitForever +\S*promise-leak\.js:7/);
    terminal.press('Enter');
    expect(await terminal.until(/Created at\n +waitForever/)).toMatch(/live ~?[\d,k]+ +created ~?[\d,k]+/);
    await quit(terminal);
  });

  test('an interval that keeps a program alive is named', async () => {
    const terminal = openTerminal(80, 24);
    terminal.run(watching(example('async/leaked-interval.js')));
    await terminal.until(/5 Warnings !/);
    terminal.press('w');
    await terminal.until(/! keeps-alive\n[\s\S]*startHeartbeat[\s\S]*leaked-interval\.js:5/);
    terminal.press('2');
    await terminal.until(/timer +1 +0 +1 +(?:\S.* )?keeps/);
    terminal.press('6');
    await terminal.until(/the work is done/);
    await quit(terminal);
  });

  test('worker threads: their rows say which thread, and its blocks are told', async () => {
    const terminal = openTerminal(200, 50);
    // Whatever the machine has to do: each operation is seen
    terminal.run(watching('--all', example('async/threads.js')));
    await terminal.until(/threads 2[\s\S]*threads\.js:1[2-8] .*#\d/);
    terminal.press('3');
    // Once the engine has made one function of its timers and the callback, samples name either
    await terminal.until(/(?:compute +async\/threads\.js:\d+|listOnTimeout) .*#\d/);
    await quit(terminal);
  });
});

test('--once of a program under assertions: exit code 1 where the loop is held', async () => {
  const words = ['console', '--once', '--for', '3s', '--assert', 'longest-block<50ms'];
  const { code, stdout, stderr } = await runCli([...words, '--', process.execPath, example('async/blocked-loop.js')]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/NOT KEPT: longest-block<50ms: longest-block was \d+/);
  expect(stdout).toMatch(/Blocking\n +Count/);
});

test('without a screen a program has the standard input that we have', async () => {
  const reads = "process.stdin.on('data', (b) => console.log('read ' + b)).on('end', () => setTimeout(() => {}, 3000))";
  const words = ['console', '--json', '--for', '20s', '--', process.execPath, '-e', reads];
  const { code, stderr } = await runCli(words, { stdin: 'what is typed' });
  expect(stderr).toContain('read what is typed');
  expect(code).toBe(0);
});

test('the pipe that a program prints to does not keep it alive, a connection that waits for data does', async () => {
  const program = `const net = require('node:net');
console.log('prints');
net.createServer().listen(0, function () {
  const { port } = this.address();
  this.on('connection', (socket) => socket.resume());
  net.connect(port).resume();
});`;
  const words = ['console', '--json', '--for', '4s', '--', process.execPath, '-e', program];
  const { stdout } = await runCli(words);
  const { resources } = JSON.parse(stdout) as { resources: { type: string; keepsAlive: boolean; live: number }[] };
  const keep = (type: string) =>
    resources.filter((row) => row.type === type && row.live > 0).map((row) => row.keepsAlive);
  expect(keep('PIPEWRAP').every((one) => !one)).toBe(true);
  expect(keep('TCPWRAP')).toContain(true);
});
