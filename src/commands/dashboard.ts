import { basename, join } from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import { HISTORY_FILE } from '../history/json-lines.ts';
import { judged, onBranch, seriesOf } from '../history/series.ts';
import { historyFiles, openHistory } from '../history/store.ts';
import { openOutput } from '../output.ts';
import { plural } from '../plural.ts';
import { makePrivateDir, removePrivateDir } from '../processes/private-dir.ts';
import { repositoryState } from '../processes/repository.ts';
import { DATA_FILE, dashboardPage, dataScript } from '../render/dashboard/dashboard-html.ts';
import { historyBlock } from '../render/dashboard/history-data.ts';
import type { Progress } from '../terminal/progress.ts';
import type { World } from '../world.ts';
import type { Call, Command } from './command.ts';
import { guarded } from './guarded.ts';
import { showFile } from './opening.ts';
import { number } from './options/values.ts';
import { servePage } from './serving.ts';
import { makeFolder, placedPicture, placePictures } from './track/attachments.ts';
import { historyPlace } from './track/keep-results.ts';
import { wrote } from './wrote.ts';

const EXAMPLES = `
Examples:
  pforge-prof dashboard                        dev/bench/index.html and its data: a static site, also from file://
  pforge-prof dashboard -o history.html        one file
  pforge-prof dashboard --serve                in the browser of this machine; follows what track keeps
`;

interface DashboardOptions {
  readonly output: string;
  readonly store?: string;
  readonly branch?: string;
  readonly title?: string;
  readonly serve?: true;
  readonly port: number;
  /** undefined = nothing was said: a server opens the browser, a file does not. */
  readonly open?: boolean;
}

/** The history as a page worth opening. */
export const dashboard: Command = {
  configure(command) {
    command
      .option('-o, --output <folder>', 'where the site goes; a name that ends in .html is one file', 'dev/bench')
      .option('--store <file>', `the history (default: ${HISTORY_FILE} below the repository's top folder)`)
      .option('--branch <name>', 'the branch that is shown (default: the default branch)')
      .option('--title <text>', 'title of the page')
      .option('--serve', 'show the page in the browser, and follow the history')
      .option('--port <port>', 'listen here (default: any free port)', number({ min: 0, max: 65_535, whole: true }), 0)
      .option('--open', 'open the page in the browser (with --serve: default)')
      .option('--no-open', 'print the address only')
      .addHelpText('after', EXAMPLES);
  },

  run(call, inputs, rawOptions) {
    const options = rawOptions as unknown as DashboardOptions;
    if (inputs.length > 0 || call.program !== undefined) {
      throw new UserError('dashboard reads the history alone', { hint: 'keep results first: pforge-prof track FILE' });
    }
    return guarded(call, async (progress) => {
      const state = await repositoryState(process.cwd());
      const spec = historyPlace(options.store, state);
      const top = state?.folder ?? '.';
      const title = options.title ?? `Performance of ${basename(state?.folder ?? process.cwd())}`;
      const placed = new Set<string>();
      const block = (site?: string): Promise<Uint8Array> =>
        readBlock(spec, { title, branch: options.branch, top, site, placed }, call.world, progress);
      return options.serve
        ? serve(call, spec, title, options, { block, placed }, progress)
        : write(call, title, options, block, progress);
    });
  },
};

interface BlockRequest {
  readonly title: string;
  readonly branch: string | undefined;
  /** The repository's top folder. */
  readonly top: string;
  /** Folder in which pictures are placed; undefined = none are linked. */
  readonly site: string | undefined;
  readonly placed: Set<string>;
}

async function readBlock(
  spec: string,
  { title, branch, site, ...placing }: BlockRequest,
  world: World,
  { say }: Progress,
): Promise<Uint8Array> {
  const store = await openHistory(spec);
  try {
    const { entries, broken } = await store.read();
    for (const fault of broken) say(`warning: ${fault}; left out`);
    const { kept, leftOut, branch: shown } = onBranch(entries, branch);
    if (kept.length === 0) {
      throw new UserError(
        `there is no history${branch === undefined ? '' : ` of branch '${branch}'`} yet in ${store.place}`,
        {
          hint: 'keep results: pforge-prof track results.json',
        },
      );
    }
    if (leftOut > 0)
      say(
        `note: ${leftOut} ${plural(leftOut, 'run')} of other branches than ${shown} ${plural(leftOut, 'is', 'are')} not shown; --branch chooses another`,
      );
    const series = seriesOf(kept).map((one) => judged(one));
    const pictures =
      site === undefined ? undefined : await placePictures(kept, series, { ...placing, site, world, say });
    return historyBlock(title, series, pictures);
  } finally {
    await store.close();
  }
}

async function write(
  call: Call,
  title: string,
  { output, open }: DashboardOptions,
  block: (site?: string) => Promise<Uint8Array>,
  { say }: Progress,
): Promise<number> {
  const { world } = call;
  const isOneFile = output === '-' || /\.html?$/i.test(output);
  if (isOneFile) {
    const size = await openOutput(output, world).write(dashboardPage(title, await block()));
    if (output !== '-') say(wrote({ name: output }, size));
    return EXIT.ok;
  }
  makeFolder(output);
  const page = join(output, 'index.html');
  // The data first: a page that is there finds them
  const size = await openOutput(join(output, DATA_FILE), world).write([dataScript(await block(output))]);
  const more = await openOutput(page, world).write(dashboardPage(title));
  say(`wrote ${page} and ${DATA_FILE} (${Math.ceil((size + more) / 1024)} KiB)`);
  if (call.shared.json) world.stdout.write(`${JSON.stringify({ version: 1, page, data: join(output, DATA_FILE) })}\n`);
  if (open === true) await showFile(page, call, say);
  return EXIT.ok;
}

async function serve(
  call: Call,
  spec: string,
  title: string,
  { port, open }: DashboardOptions,
  { block, placed }: { block: (site: string) => Promise<Uint8Array>; placed: ReadonlySet<string> },
  progress: Progress,
): Promise<number> {
  const site = await makePrivateDir();
  try {
    const served = {
      title,
      subject: 'the history',
      draw: async () => ({
        type: 'text/html; charset=utf-8',
        body: Buffer.from([...dashboardPage(title, await block(site))].join('')),
      }),
      files: historyFiles(spec),
      beside: (href: string) => placedPicture(site, placed, href),
    };
    return await servePage(call, { ...served, port, open: open !== false }, progress);
  } finally {
    await removePrivateDir(site);
  }
}
