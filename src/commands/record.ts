import { existsSync, statSync } from 'node:fs';
import type { Artefact } from '../collectors/collector.ts';
import { collect } from '../collectors/registry.ts';
import { EXIT, UserError } from '../errors.ts';
import { openOutput } from '../output.ts';
import type { Call, Command } from './command.ts';
import { guarded } from './guarded.ts';
import { keepFile, numbered } from './record/keep-file.ts';
import { addRecordingOptions, collectOptions, type RecordingOptions, subjectOf } from './record/options.ts';
import { endOf, noSamples } from './record/recording.ts';

const EXAMPLES = `
Examples:
  pforge-prof record -- ./server            record until it ends or Ctrl-C; keep perf.data
  pforge-prof record -o slow.data -p 4711   look into a running process until Ctrl-C
  pforge-prof flame slow.data               draw what was kept
`;

/** What a recording is called where `-o` does not say: as its own tool calls it. */
const DEFAULT_NAMES = new Map([
  ['perf-data', 'perf.data'],
  ['v8-log', 'v8.log'],
  ['v8-ticks', 'ticks.json'],
  ['callgrind', 'callgrind.out'],
]);
const OTHER_NAME = 'profile.cpuprofile';
/** What perf leaves out of its file: the names of code that was compiled while the program ran. */
const COMPANION = '.jit';

/** A recording holds the arguments of programs, which may be secret: perf and V8's own files are private, too. */
const KEPT = { recorded: true, mode: 0o600 };
/** Bytes: a larger recording holds samples, and reading it only to know that would take a while. */
const LOOKED_AT = 64 << 10;

interface RecordOptions extends RecordingOptions {
  readonly output?: string;
}

export const recordCommand: Command = {
  configure(command) {
    command.option('-o, --output <file>', 'keep the recording here (default: perf.data, or profile.cpuprofile)');
    command.option('--off-cpu', 'also when and where threads wait (see flame --off-cpu and --wall)');
    addRecordingOptions(command).addHelpText('after', EXAMPLES);
  },

  async run(call, _inputs, rawOptions) {
    const options = rawOptions as unknown as RecordOptions;
    checkUsage(call, options);
    // Before anything is recorded: whether it can be kept
    openOutput(options.output ?? OTHER_NAME, call.world);
    return guarded(call, async (progress) => {
      const said = new Set<string>();
      const collecting = collectOptions(options, progress, said);
      const artefact = await collect(options.collector, subjectOf(call, options), collecting);
      progress.end();
      try {
        if (artefact.files.length === 0) throw nothingKept(artefact.notes);
        if (!options.offCpu && (await isEmpty(artefact))) throw noSamples(artefact, collecting);
        const first = options.output ?? DEFAULT_NAMES.get(artefact.format) ?? OTHER_NAME;
        const kept: { name: string; bytes: number }[] = [];
        for (const [i, file] of artefact.files.entries()) {
          const output = openOutput(i === 0 ? first : numbered(first, i + 1), call.world, KEPT);
          kept.push({ name: output.name, bytes: await keepFile(file, output) });
          if (existsSync(`${file}${COMPANION}`)) {
            await keepFile(`${file}${COMPANION}`, openOutput(`${output.name}${COMPANION}`, call.world, KEPT));
          }
        }
        for (const note of artefact.notes) if (!said.has(note)) progress.say(`note: ${note}`);
        const { exitCode, ending } = endOf(artefact);
        const names = kept.map(({ name }) => name);
        const size = Math.ceil(kept.reduce((sum, { bytes }) => sum + bytes, 0) / 1024);
        const suffix = ending === undefined ? '' : `; ${ending}`;
        progress.say(`kept ${names.join(' ')} (${size} KiB)${suffix}; draw it: pforge-prof flame ${names.join(' ')}`);
        if (call.shared.json) {
          call.world.stdout.write(
            `${JSON.stringify({ format: artefact.format, files: kept, notes: artefact.notes })}\n`,
          );
        }
        return exitCode;
      } finally {
        await artefact.dispose();
      }
    });
  },
};

function checkUsage(call: Call, { output, pid }: RecordOptions): void {
  if (call.program?.length === 0) throw new UserError('no program follows --', { hint: 'pforge-prof record -- ./app' });
  if ((call.program === undefined) === (pid === undefined)) {
    const both = pid !== undefined;
    throw new UserError(both ? 'give only one of: a program after --, --pid' : 'nothing to record', {
      hint: both ? 'two calls record both' : 'give a program after --, or --pid; see pforge-prof record --help',
    });
  }
  if (output === '-') throw new UserError('a recording is kept in a file', { hint: 'give -o a file name' });
}

/** perf leaves a file also where it has seen nothing, and says no word about it. */
async function isEmpty({ files, format }: Artefact): Promise<boolean> {
  if (format !== 'perf-data' || files.some((file) => statSync(file).size > LOOKED_AT)) return false;
  const { readProfile } = await import('../formats/registry.ts');
  for (const file of files) {
    const { samples } = await readProfile(file, { inputFormat: format, allowEmpty: true });
    if (samples.length > 0) return false;
  }
  return true;
}

function nothingKept(notes: readonly string[]): UserError {
  return new UserError('nothing was recorded', {
    hint: notes.at(-1) ?? 'the program ended too soon: run it longer',
    exitCode: EXIT.cannotCollect,
  });
}
