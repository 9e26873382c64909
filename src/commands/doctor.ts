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

const EXAMPLES = `
Examples:
  pforge-prof doctor               what works here, what does not, what mends it
  pforge-prof doctor --fix         only the commands that mend what does not work, as a script to read
  pforge-prof doctor --fix | sh    and to run

Exit code 0 when recording is possible, 125 when nothing can be recorded.
`;

/** Tells what can record here. */
export const doctor: Command = {
  configure(command) {
    command
      .option('--fix', 'print the commands that mend what does not work, as a script; runs none')
      .addHelpText('after', EXAMPLES);
  },

  async run({ world, shared }, _words, { fix }) {
    const checks = await checkHost();
    if (fix) {
      world.stdout.write(mendingScript(checks));
    } else if (shared.json) {
      world.stdout.write(`${JSON.stringify({ version: 1, checks }, null, 2)}\n`);
    } else {
      world.stdout.write(table(checks, shared.color));
    }
    return hostExitCode(checks);
  },
};

/** What begins a remedy that is a command; others are told in words. */
const COMMAND = /^(?:sudo|apt-get|npm|cargo) /;

/**
 * A script for sh of what mends a machine. What is merely of use, and what is no command, stands in comments.
 * @returns '' where all works
 */
export function mendingScript(checks: readonly HostCheck[]): string {
  return checks
    .filter(({ remedy }) => remedy !== '')
    .map(({ name, state, detail, remedy }) => {
      const needed = state !== 'optional' && COMMAND.test(remedy);
      return `# ${escapeTerminal(`${name}: ${detail}`)}\n${needed ? '' : '# '}${escapeTerminal(remedy)}\n`;
    })
    .join('');
}

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
