import { describe, expect, test } from 'vitest';
import { hasRecording, recordedDetails, recordedUpdates } from '../console/tokio/recording.ts';
import { replay, startSubscriber } from '../console/tokio/subscriber.ts';
import { command, hasTmux, openTerminal } from '../tmux.ts';

describe.skipIf(!hasTmux || !hasRecording)('a tokio program on a real terminal', () => {
  const recorded = () =>
    startSubscriber({
      WatchUpdates: replay(recordedUpdates(), 100),
      WatchTaskDetails: replay([recordedDetails()], 100),
    });

  test('80x24: tasks by their numbers, resources, warnings; the program goes away: said, and what was known stays', async () => {
    const server = await recorded();
    const terminal = openTerminal(80, 24);
    terminal.run(`${command('console', '--tokio', server.url)}; echo code $?`);
    const tasks = await terminal.until(/running[\s\S]* ID +Name[\s\S]* 7 blocker /);
    expect(tasks).toMatch(/^tasks 16 live of \d+ +resources 9 live$/m);
    expect(tasks).toMatch(/^ +! +10 never-yields .* src\/main\.rs:35$/m);
    terminal.press('2');
    await terminal.until(/\[2 Resources\][\s\S]* 7 +sync +live .* Mutex .*locked=/);
    terminal.press('w');
    await terminal.until(/\[3 Warnings [^\]]*\][\s\S]*! self-wakes +self-waker/);
    await server.close();
    const lost = await terminal.until(/trying again in/);
    expect(lost).toMatch(/! self-wakes/);
    terminal.press('q');
    await terminal.until(/^code \d+$/m);
  });

  test('200x50: a task in detail: its histogram, its number', async () => {
    const server = await recorded();
    const terminal = openTerminal(200, 50);
    terminal.run(`${command('console', '--tokio', server.url)}; echo code $?`);
    await terminal.until(/ ID State Name .* Fields\n[\s\S]* 7 \w+ +blocker /);
    terminal.press('/', ...'blocker', 'Enter', 'Enter');
    await terminal.until(/^blocker +task .* Poll times +p50 [\s\S]*^id 7 +polls \d/m);
    terminal.press('q');
    await terminal.until(/^code 0$/m);
    expect(server.calls).toContain('WatchTaskDetails');
  });
});
