import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { HostCheck } from '../../src/collectors/host-checks.ts';
import { mendingScript } from '../../src/commands/doctor.ts';

const check = (name: string, state: HostCheck['state'], detail: string, remedy: string): HostCheck => ({
  name,
  state,
  detail,
  remedy,
});

test('what mends a machine is a script: needed commands, the rest in comments', () => {
  const script = mendingScript([
    check('node', 'ok', 'v20', ''),
    check('valgrind', 'missing', 'not installed', 'apt-get install valgrind'),
    check('perf_event_paranoid', 'limited', '2: without kernel frames', 'sudo sysctl kernel.perf_event_paranoid=1'),
    check('0x', 'optional', 'not installed', 'npm install --save-dev 0x'),
    check('node inspector', 'limited', 'taken', 'close the debugger or program that has it'),
    check('odd\nrm -rf /', 'limited', 'a\nb', 'see the manual'),
  ]);
  const commands = script.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(commands).toEqual(['apt-get install valgrind', 'sudo sysctl kernel.perf_event_paranoid=1']);
  expect(script).toContain('# 0x: not installed\n# npm install --save-dev 0x\n');
  expect(() => execFileSync('sh', ['-n'], { input: script })).not.toThrow();
});

test('nothing to mend, nothing said', () => {
  expect(mendingScript([check('node', 'ok', 'v20', '')])).toBe('');
});
