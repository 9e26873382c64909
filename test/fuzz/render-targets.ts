import { readDhat } from '../../src/formats/dhat/read-dhat.ts';
import { Notes } from '../../src/formats/format.ts';
import { readHeapSnapshot } from '../../src/formats/heapsnapshot/read-snapshot.ts';
import { inputOf } from '../../src/formats/input.ts';
import { readMassif } from '../../src/formats/massif/read-massif.ts';
import { formatById, readInput, writableFormats } from '../../src/formats/registry.ts';
import { classesOf } from '../../src/heap/classes.ts';
import { analyseHeap } from '../../src/heap/dominators.ts';
import { objectWords } from '../../src/heap/object-words.ts';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import { compareProfiles } from '../../src/profile/diff/compare.ts';
import { KINDS, type Profile, TIERS } from '../../src/profile/profile.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { sitesText } from '../../src/render/dhat/site-rows.ts';
import { diffClassicSvg } from '../../src/render/diff/classic-diff.ts';
import { diffSvg } from '../../src/render/diff/compact-diff.ts';
import { diffHtml } from '../../src/render/diff/html/diff-html.ts';
import { diffJson } from '../../src/render/diff/table-json.ts';
import { diffText } from '../../src/render/diff/table-text.ts';
import { flameSvg } from '../../src/render/flame-svg.ts';
import { chartSvg } from '../../src/render/heap/chart-svg.ts';
import { siteTable } from '../../src/render/heap/site-table.ts';
import { summaryText } from '../../src/render/heap-snapshot/summary-text.ts';
import { renderers } from '../../src/render/registry.ts';
import { reportJson } from '../../src/render/report-json.ts';
import { topText } from '../../src/render/top-text.ts';
import { treeText } from '../../src/render/tree-text.ts';
import { checkRead, SNAPSHOT, written } from './format-targets.ts';
import { smallFiles, someOf } from './seeds.ts';
import { type FuzzTarget, readOrRefused } from './target.ts';
import { checkHtml, checkText, checkXml } from './well-formed.ts';

const WEIGHTS = [0, 1, 2, 7, 250, 1e-9, 2 ** 31, 2 ** 53, 1e15, 1e300];

/**
 * Makes a profile of any bytes: each line a sample, its frames between semicolons, `~` for a line's end in a name. What
 * the bytes of a frame sum up to is its kind, tier and place, and those of a line are its weight, thread and time.
 */
function profileOf(bytes: Buffer): Profile {
  const builder = new ProfileBuilder([
    { type: 'samples', unit: 'count' },
    { type: 'cpu', unit: 'nanoseconds' },
  ]);
  const isTimed = (bytes[0] ?? 0) % 2 === 0;
  for (const line of bytes.toString('utf8').split('\n')) {
    const sum = sumOf(line);
    let stack = -1;
    for (const name of line.split(';')) {
      const n = sumOf(name);
      const file = n % 3 === 0 ? `/app/${name}.js` : '';
      const place = { file, line: n % 5, column: n % 7, module: n % 4 === 0 ? name : '' };
      const looks = { kind: KINDS[n % KINDS.length]!, tier: TIERS[n % TIERS.length]! };
      stack = builder.stack(stack, builder.frame({ name: name.replaceAll('~', '\n'), ...place, ...looks }));
    }
    const thread = builder.thread({ pid: sum % 3, tid: sum % 5, process: line.slice(0, 9), name: line.slice(-9) });
    builder.sample(stack, [1, WEIGHTS[sum % WEIGHTS.length]!], isTimed ? sum * 1000 : undefined, thread);
  }
  const title = bytes.toString('utf8', 0, 40);
  return builder.build({ notes: [title], command: [title, bytes.toString('latin1', 0, 40)], tool: title, host: title });
}

function sumOf(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (sum * 31 + text.charCodeAt(i)) >>> 0;
  return sum;
}

/** Lines in which the words of many attacks stand, for the mutator to mix. */
const LINES = [
  'main;work;work;<script>alert(1)</script>;leaf',
  'main;"onload="alert(1);</title></svg>;]]>;--><x>',
  "main;__proto__;constructor;toString;\\u0000;'onclick='x",
  'main;\x1b[2J\x1b]0;pwn\x07;\u202eevil\u2069;\u0085;\ud83d\ude00',
  'a~b;&amp;&lt;&#0;;;;x',
].join('\n');

/** One of the pictures, tables and files: which one the bytes decide, so that a run can be had again. */
async function drawOne(bytes: Buffer): Promise<void> {
  const profile = profileOf(bytes);
  const title = bytes.toString('utf8', 0, 60);
  const look = { title, subtitle: title, countName: title, search: title };
  const ways = [
    () => checkXml([...flameSvg.render(profile, look)].join('')),
    () => checkText(topText(profile)),
    () => checkText(treeText(profile)),
    () => void JSON.parse(JSON.stringify(reportJson(profile))),
    ...renderers.map(({ id, load }) => async () => {
      const text = [...(await load()).render(profile, look)].join('');
      if (id === 'svg') checkXml(text);
      else if (id === 'html') checkHtml(text, 'script>alert|x>|svg><');
      else if (id === 'text') checkText(text);
    }),
  ];
  checkRead(profile);
  await ways[sumOf(bytes.toString('latin1')) % ways.length]!();
}

async function writeOne(bytes: Buffer): Promise<void> {
  const profile = profileOf(bytes);
  const known = writableFormats();
  const format = known[sumOf(bytes.toString('latin1')) % known.length]!;
  format.cannotHold?.(profile);
  const again = await readInput(inputOf(written(format, profile), 'x'), { format, allowEmpty: true });
  checkRead(again);
  const before = totalWeight(profile, profile.valueTypes.length - 1);
  if (format.id === 'json' && totalWeight(again) !== before) throw new Error(`${before} became ${totalWeight(again)}`);
}

function compareOne(bytes: Buffer): void {
  const half = bytes.lastIndexOf('\n', bytes.length / 2) + 1;
  const [before, after] = [profileOf(bytes.subarray(0, half)), profileOf(bytes.subarray(half))];
  const comparison = compareProfiles([before], [after]);
  const look = { title: bytes.toString('utf8', 0, 60), embed: { before, after } };
  const ways = [
    () => checkXml([...diffSvg.render(comparison, look)].join('')),
    () => checkXml([...diffClassicSvg.render(comparison, look)].join('')),
    () => checkHtml([...diffHtml.render(comparison, look)].join(''), 'script>alert|x>|svg><'),
    () => checkText(diffText(comparison)),
    () => void JSON.parse([...diffJson(comparison)].join('')),
  ];
  ways[sumOf(bytes.toString('latin1')) % ways.length]!();
}

/** Pictures and files of profiles that hold anything, and reports of recordings that are read broken. */
export function renderTargets(): FuzzTarget[] {
  const seeds = [Buffer.from(LINES), Buffer.from(`${LINES}\n${LINES}\na;b;c\na;b`)];
  const seedsOf = (id: string): Buffer[] =>
    someOf(
      smallFiles(id).flatMap(({ bytes }) => (formatById(id).detect(bytes.subarray(0, 4096)) === 'yes' ? [bytes] : [])),
    );
  return [
    { id: 'render:flame', seeds, run: (bytes) => readOrRefused(() => drawOne(bytes)) },
    { id: 'render:files', seeds, run: (bytes) => readOrRefused(() => writeOne(bytes)) },
    { id: 'render:diff', seeds, run: (bytes) => readOrRefused(() => compareOne(bytes)) },
    {
      id: 'render:massif',
      seeds: seedsOf('massif'),
      run: (bytes) =>
        readOrRefused(async () => {
          const { history } = await readMassif(inputOf(bytes, 'x'), {});
          checkXml([...chartSvg(history, {})].join(''));
          checkText(siteTable(history, { row: history.snapshots.time.length - 1 }));
        }),
    },
    {
      id: 'render:dhat',
      seeds: seedsOf('dhat'),
      run: (bytes) =>
        readOrRefused(async () => checkText(sitesText(await readDhat(inputOf(bytes, 'x')), { metric: 'tb' }))),
    },
    {
      id: 'render:heapsnapshot',
      seeds: [SNAPSHOT],
      run: (bytes) =>
        readOrRefused(async () => {
          const graph = await readHeapSnapshot(inputOf(bytes, 'x'), new Notes());
          const words = objectWords(graph);
          const snapshot = {
            name: 'x',
            graph,
            analysis: analyseHeap(graph),
            classes: classesOf(graph),
            words,
            notes: [],
          };
          checkText(summaryText(snapshot, {}));
        }),
    },
  ];
}
