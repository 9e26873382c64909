import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { startRecording } from '../../src/console/recording.ts';
import { blocking, snapshot, task } from '../console/snapshots.ts';
import { command, hasTmux, openTerminal } from '../tmux.ts';
import { runCli, workFolder } from './run-cli.ts';

let recorded: string;
beforeAll(() => {
  recorded = join(workFolder(), 'day.console');
  const writer = startRecording(recorded);
  for (let i = 0; i < 20; i++) {
    writer.write(
      snapshot({
        time: 1_790_000_000_000 + i * 1000,
        tasks: [
          task({ id: 'a', name: `turn${i}`, busy: 5e9 }),
          task({ id: 'b', name: 'other', kind: 'Timeout', parent: 'a' }),
        ],
        blocking: i < 10 ? [] : [blocking({ id: 'x', longest: 130e6 })],
        notes: i === 19 ? ['12 places are counted as one'] : [],
      }),
    );
  }
  writer.close();
});

test('--once prints the last snapshot as text, --json as data', async () => {
  const text = await runCli(['console', '--once', recorded]);
  expect(text.stderr).toBe('');
  expect(text.code).toBe(0);
  expect(text.stdout).toMatch(/^node server\.js\npid 4711 {2}v20\.20\.2 {2}running {2}watched 00:19\n/);
  expect(text.stdout).toMatch(/Tasks\n.*Busy↓/);
  expect(text.stdout).toMatch(/5\.00 s .*turn19/);
  expect(text.stdout).toMatch(/hash +app\/server\.js:31 +pbkdf2Sync/);
  expect(text.stdout).toMatch(/Utilization +42 % +42 % +▄{20}\n/);
  expect(text.stdout).toContain('12 places are counted as one');
  const json = await runCli(['console', '--json', recorded]);
  expect(JSON.parse(json.stdout)).toMatchObject({ version: 1, tasks: [{ name: 'turn19' }, { name: 'other' }] });
});

test('assertions look at the whole recording and set the exit code', async () => {
  const kept = await runCli(['console', '--once', '-q', '--assert', 'longest-block<=130ms', recorded]);
  expect([kept.code, kept.stdout]).toEqual([0, '']);
  const broken = await runCli([
    'console',
    '--json',
    '--assert',
    'longest-block<100ms',
    '--assert',
    'blocks>=3',
    recorded,
  ]);
  expect(broken.code).toBe(1);
  expect(broken.stderr).toContain('NOT KEPT: longest-block<100ms: longest-block was 130 ms');
  expect(broken.stderr).toContain('kept: blocks>=3: blocks was 3');
  const wrong = await runCli(['console', '--once', '--assert', 'speed<1', recorded]);
  expect([wrong.code, wrong.stderr.split('\n').length]).toEqual([2, 2]);
});

test('--flame draws async stacks, in any format, by either weight', async () => {
  const folder = workFolder();
  const svg = await runCli(['console', '--flame', 'async.svg', recorded], { cwd: folder });
  expect([svg.code, svg.stdout]).toEqual([0, '']);
  expect(svg.stderr).toContain('wrote async.svg');
  const busy = await runCli(['flame', 'async.svg', '--format', 'folded'], { cwd: folder });
  expect(busy.stdout).toMatch(/onRequest.*route.*handle.*async PROMISE;onRequest.*handle.*async Timeout 120000000\n/);
  await runCli(['console', '--flame', 'waiting.folded', '--weight', 'waiting', recorded], { cwd: folder });
  expect(readFileSync(join(folder, 'waiting.folded'), 'utf8')).toMatch(/async Timeout 12180000000\n/);
  const unknown = await runCli(['console', '--flame', 'async.pgn', recorded], { cwd: folder });
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('extension .pgn')]);
});

test('without a terminal it says so, and what to do instead', async () => {
  const result = await runCli(['console', recorded]);
  expect(result.code).toBe(2);
  expect(result.stderr).toMatch(/^pforge-prof: error: the screen needs a terminal, .* --once .* --json .*\n$/);
});

test('what cannot be watched is said in one line', async () => {
  for (const [words, message] of [
    [[], 'nothing to watch'],
    [['--'], 'no program follows --'],
    [[recorded, '--pid', '1'], 'give only one of'],
    [[recorded, 'node'], 'one recording at a time'],
    [['--record', 'x', recorded], 'is recorded already'],
    [['--log', 'x', recorded], '--log is for'],
    [['--once', 'nowhere.console'], 'cannot read nowhere.console: no such file'],
    [['--once', '--tokio', 'ftp://x'], 'ftp://x'],
    [['--once', '--pid', '2147483000'], '2147483000'],
    [['--once', '--for', 'soon', recorded], 'such as 10s'],
  ] as const) {
    const { code, stderr } = await runCli(['console', ...words]);
    expect([words, code === 2 || code === 125]).toEqual([words, true]);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n').length).toBe(1);
  }
});

test('a recording that was cut off is read as far as it goes', async () => {
  const torn = join(workFolder(), 'torn.console');
  const bytes = readFileSync(recorded);
  writeFileSync(torn, bytes.subarray(0, bytes.length - 500));
  const { code, stdout, stderr } = await runCli(['console', '--once', torn]);
  expect(code).toBe(0);
  expect(stderr).toContain('torn.console:21: cut off amid a snapshot');
  expect(stdout).toContain('turn18');
});

describe.skipIf(!hasTmux)('on a terminal', () => {
  test('80x24: plays, steps, seeks; views, details, filter, export, help; then the terminal as it was', async () => {
    const terminal = openTerminal(80, 24);
    terminal.run('echo before');
    terminal.run(`${command('console', recorded)}; echo code $?`);
    const first = await terminal.until(/playing/);
    expect(first.split('\n')[3]).toContain('Busy↓');
    terminal.press('Space', '{', 'Right', 'Right');
    await terminal.until(/paused 3\/20[\s\S]*turn2 /);
    terminal.press('}');
    await terminal.until(/paused 20\/20[\s\S]*turn19/);
    terminal.press('Left');
    await terminal.until(/paused 19\/20[\s\S]*turn18/);
    terminal.press('/', 'o', 't', 'h', 'e', 'r', 'Enter');
    expect(await terminal.until(/\/other 1 of 2/)).not.toContain('turn18');
    terminal.press('Enter', 'End');
    await terminal.until(/Created by\n +turn18/);
    terminal.press('Home');
    await terminal.until(/other {2}Timeout {2}idle\nlive ~12/);
    terminal.press('Escape');
    await terminal.until(/Busy↓/);
    terminal.press('e');
    await terminal.until(/wrote console-.*\.json/);
    terminal.press('Escape');
    await terminal.until(/turn18/);
    terminal.press('3');
    await terminal.until(/\[3 Blocking\][\s\S]*hash/);
    terminal.press('?');
    await terminal.until(/A recording/);
    terminal.press('q');
    const after = await terminal.until(/code 0/);
    expect(after).toContain('before');
    expect(after).not.toContain('Blocking');
    terminal.run('clear; ls; stty -a');
    const state = await terminal.until(/\bicanon/);
    expect(state).toMatch(/\bisig icanon [\s\S]* echo /);
    const name = /console-\S+\.json/.exec(state)![0];
    const exported = join(terminal.folder, name);
    expect(statSync(exported).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(exported, 'utf8'))).toMatchObject({
      view: 'tasks',
      filter: 'other',
      rows: [{ id: 'b' }],
    });
  });

  test('200x50, made smaller and tiny and large again', async () => {
    const terminal = openTerminal(200, 50);
    terminal.run(`${command('console', recorded)}; echo code $?`);
    expect(await terminal.until(/playing/)).toMatch(/Created +Total +Busy↓ +Idle +Polls/);
    terminal.resize(60, 12);
    await terminal.until(/^node server\.js +pid 4711 [^\n]{0,40}\n[\s\S]*q quit\n*$/);
    terminal.resize(20, 4);
    await terminal.until(/^(?!.*q quit)[\s\S]*Tasks/);
    terminal.resize(120, 30);
    await terminal.until(/Busy↓[\s\S]*q quit/);
    terminal.press('q');
    await terminal.until(/^code 0$/m);
  });

  test('no colour where NO_COLOR is set, plain characters where the locale has no others', async () => {
    const plain = openTerminal(100, 24, { NO_COLOR: '1', LC_ALL: 'C' });
    plain.run(command('console', recorded));
    plain.press('4');
    await plain.until(/\[4 Loop\][\s\S]*Utilization/);
    expect(plain.painted().split('\n').slice(0, 20).join('\n')).not.toMatch(/\u001b/);
    expect(plain.screen()).toMatch(/^[\n -~]*$/);
    plain.press('q');
    const colored = openTerminal(100, 24);
    colored.run(command('console', recorded));
    await colored.until(/Busy↓/);
    // The selected row, and the warnings of what blocks
    expect(colored.painted()).toMatch(/7m[^\n>]{0,20}>/);
    colored.press('q');
  });
});

test('a look that is over before there is anything to see', async () => {
  const words = ['console', '--once', '--for', '0.001s', '--', 'node', '-e', 'setTimeout(() => {}, 500)'];
  const { code, stdout, stderr } = await runCli(words);
  expect(stderr).toBe('pforge-prof: error: nothing has been seen; watch for longer: --for 10s\n');
  expect([code, stdout]).toEqual([125, '']);
});

test('a recording that ended before its first snapshot', async () => {
  const begun = join(workFolder(), 'begun.console');
  startRecording(begun).close();
  const { code, stderr } = await runCli(['console', '--once', begun]);
  expect(stderr).toBe(`pforge-prof: error: ${begun} holds no snapshot; it ended before the first second\n`);
  expect(code).toBe(2);
});
