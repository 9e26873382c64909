import { UserError } from '../errors.ts';
import { type Destination, parseDestination } from '../fleet/destination.ts';
import { httpTransport, shownTransport, type Transport } from '../fleet/http.ts';
import { escapeTerminal } from '../terminal/escape.ts';
import type { Progress } from '../terminal/progress.ts';
import type { Call, Command } from './command.ts';
import { guarded } from './guarded.ts';
import { configurePush, type PushOptions } from './push/options.ts';

/** What one kind of destination is sent, and how. */
export interface Push {
  readonly call: Call;
  readonly inputs: readonly string[];
  readonly options: PushOptions;
  readonly destination: Destination;
  readonly transport: Transport;
  readonly progress: Progress;
}

/** Profiles and numbers to where those of a fleet are kept. */
export const push: Command = {
  configure: configurePush,

  run(call, inputs, rawOptions) {
    const options = rawOptions as unknown as PushOptions;
    const { world, shared } = call;
    if (call.program !== undefined) {
      throw new UserError('push runs no program', { hint: 'pforge-prof record records one' });
    }
    if (options.to === undefined) {
      throw new UserError('where to?', { hint: 'give --to ADDRESS; see pforge-prof push --help' });
    }
    const destination = parseDestination(options.to, world.env);
    if (inputs.length === 0 && options.history === undefined) {
      throw new UserError('nothing to push', { hint: 'give a recording or results; see pforge-prof push --help' });
    }
    if (options.dryRun && shared.json) throw new UserError('--dry-run and --json both want standard output');
    return guarded(call, async (progress) => {
      const { place, authorization, kind } = destination;
      const transport = options.dryRun
        ? shownTransport(place, (text) => {
            progress.end();
            world.stdout.write(text.split('\n').map(escapeTerminal).join('\n'));
          })
        : httpTransport(place, authorization);
      const job = { call, inputs, options, destination, transport, progress };
      if (kind === 'prometheus' || kind === 'victoriametrics')
        return (await import('./push/metrics.ts')).pushMetrics(job);
      return (await import('./push/profiles.ts')).pushProfiles(job);
    });
  },
};
