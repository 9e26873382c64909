import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { streamTool } from '../../src/processes/run-tool.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-stream-tool-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('what a tool prints before anybody reads it is there when somebody does', async () => {
  const printed = join(folder, 'printed');
  const source = `const { writeSync, writeFileSync } = require('node:fs');
    writeSync(1, 'first'); writeFileSync(process.argv[1], ''); setTimeout(() => writeSync(1, ' last'), 300)`;
  const tool = await streamTool(process.execPath, ['-e', source, printed]);
  while (!existsSync(printed)) await after(10);
  // Time to take it from the pipe
  await after(100);
  let text = '';
  for await (const chunk of tool.stdout) text += chunk;
  const { code, stderr } = await tool.ended;
  expect({ code, stderr, text }).toEqual({ code: 0, stderr: '', text: 'first last' });
});

test('a tool that cannot be started prints nothing and has no code', async () => {
  const tool = await streamTool('/nowhere/tool', []);
  let text = '';
  for await (const chunk of tool.stdout) text += chunk;
  expect([text, (await tool.ended).code]).toEqual(['', undefined]);
});
