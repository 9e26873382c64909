import { UserError } from '../errors.ts';
import { openOutput } from '../output.ts';
import { bashCompletion } from '../render/completion/bash.ts';
import type { CommandDescription } from '../render/completion/description.ts';
import { fishCompletion } from '../render/completion/fish.ts';
import { zshCompletion } from '../render/completion/zsh.ts';
import type { Command } from './command.ts';
import { describeCommands } from './parser.ts';

const SHELLS: ReadonlyMap<string, (commands: readonly CommandDescription[]) => string> = new Map([
  ['bash', bashCompletion],
  ['zsh', zshCompletion],
  ['fish', fishCompletion],
]);

const EXAMPLES = `
Examples:
  echo 'eval "$(pforge-prof completion bash)"' >> ~/.bashrc
  echo 'eval "$(pforge-prof completion zsh)"' >> ~/.zshrc        below the line with compinit
  pforge-prof completion fish > ~/.config/fish/completions/pforge-prof.fish
`;

/** Writes what a shell needs to complete our commands, options and values; made from the list of commands. */
export const completion: Command = {
  configure(command) {
    command.argument('<shell>', `${[...SHELLS.keys()].join(', ')}`).addHelpText('after', EXAMPLES);
  },

  async run({ world, shared }, [shell]) {
    const write = SHELLS.get(shell!);
    if (write === undefined) {
      throw new UserError(`there is no completion for '${shell}'`, {
        hint: `known are ${[...SHELLS.keys()].join(', ')}`,
      });
    }
    const described = await describeCommands();
    const text = shared.json ? `${JSON.stringify(described, null, 2)}\n` : write(described);
    await openOutput('-', world).write([text]);
    return 0;
  },
};
