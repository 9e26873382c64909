import pc from 'picocolors';
import { checkHost, type HostCheck, hostExitCode } from '../collectors/host-checks.ts';
import { escapeTerminal } from '../terminal/escape.ts';
import type { Command } from './command.ts';

const MARKS: Record<HostCheck['state'], { readonly mark: string; readonly paint: 'green' | 'yellow' | 'red' | 'dim' }> =
  {
    ok: { mark: 'ok', paint: 'green' },
    limited: { mark: 'limited', paint: 'yellow' },
    missing: { mark: 'missing', paint: 'red' },
    optional: { mark: 'optional', paint: 'dim' },
  };

export const doctor: Command = {
  configure(command) {
    command.addHelpText('after', '\nExit code 0 when recording is possible, 125 when nothing can be recorded.\n');
  },

  async run({ world, shared }) {
    const checks = await checkHost();
    if (shared.json) {
      world.stdout.write(`${JSON.stringify({ version: 1, checks }, null, 2)}\n`);
    } else {
      world.stdout.write(table(checks, shared.color));
    }
    return hostExitCode(checks);
  },
};

function table(checks: readonly HostCheck[], color: boolean): string {
  const paint = pc.createColors(color);
  const widest = Math.max(...checks.map(({ name }) => name.length));
  let text = '';
  for (const { name, state, detail, remedy } of checks) {
    const { mark, paint: shade } = MARKS[state];
    text += `${paint[shade](mark.padEnd(9))} ${name.padEnd(widest)}  ${escapeTerminal(detail)}\n`;
    if (remedy !== '') text += `${' '.repeat(12 + widest)}${paint.bold(`-> ${remedy}`)}\n`;
  }
  return text;
}
