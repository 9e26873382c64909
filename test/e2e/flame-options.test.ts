import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkXml } from '../render/xml-check.ts';
import { rectangles } from './drawn-rectangles.ts';
import { runCli, workFolder } from './run-cli.ts';

const cwd = workFolder();
writeFileSync(join(cwd, 'in.folded'), 'main;parse;read_[k] 30\nmain;parse;scan<T> 20\nmain;resolve 50\n');
// The first of them has more samples before it has fewer
writeFileSync(join(cwd, 'unsorted.folded'), 'main;z 3\nmain;a 4\nmain;z 3\n');

async function draw(...options: string[]): Promise<string> {
  const { stdout, stderr, code } = await runCli(['flame', '-q', '--classic', '-o', '-', ...options], { cwd });
  expect([stderr, code]).toEqual(['', 0]);
  checkXml(stdout);
  return stdout;
}

describe('the options of a picture', () => {
  test.each([
    [['--min-width', '5%%'], 'It must be a number of px from 0 to 1000, or of percent: 0.5%'],
    [['--min-width', '-1'], 'It must be a number of px'],
    [['--min-width', '101%'], 'It must be a number of px'],
    [['--height', '0'], 'It must be a whole number from 4 to 500'],
    [['--width', 'wide'], 'It must be a number from 200 to 100000'],
    [['--font-size', '1e9'], 'It must be a whole number from 4 to 200'],
    [['--font-width', '0'], 'It must be a number from 0.1 to 10'],
    [['--font-type', 'x"} rect { display: none'], 'It must be the name of a font'],
    [['--factor', '0'], 'It must be a number from'],
    [['--factor', 'NaN'], 'It must be a number from'],
    [['--colors', 'pink'], "argument 'pink' is invalid"],
    [['--bgcolors', 'pink'], 'It must be yellow, blue, green, grey or a colour like #3366cc'],
    [['--search-color', 'red'], 'It must be a colour like #3366cc'],
    [['--ui-color', '#12'], 'It must be a colour like #3366cc'],
    [['--stroke-color', 'thin'], 'It must be a colour like #3366cc'],
    [['--text-truncate', 'up'], "argument 'up' is invalid"],
    [['--random-seed', '0'], 'It must be a whole number from 1'],
    [['--hash', '--deterministic'], "option '--hash' cannot be used with option '--deterministic'"],
    [['--random', '--hash'], 'cannot be used with option'],
    [['--reverse', '--flamechart'], 'cannot be used with option'],
    [['--no-sort', '--reverse'], 'cannot be used with option'],
    [['--nameattr', 'missing.txt'], 'cannot read missing.txt: no such file'],
  ])('nonsense is refused in one line: %j', async (options, message) => {
    const { stdout, stderr, code } = await runCli(['flame', '-o', '-', ...options, 'in.folded'], { cwd });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  });

  test.each([
    [
      ['--minwidth', '5%', '--countname', 'cats', '--nametype', 'Cat:'],
      ['--min-width', '5%', '--count-name', 'cats', '--name-type', 'Cat:'],
    ],
    [
      ['--fonttype', 'Verdana', '--fontsize', '14', '--fontwidth', '0.6'],
      ['--font-type', 'Verdana', '--font-size', '14', '--font-width', '0.6'],
    ],
    [
      ['--uicolor', '#112233', '-c', 'hot', '-i'],
      ['--ui-color', '#112233', '--colors', 'hot', '--inverted'],
    ],
    [['--truncate-text-right'], ['--text-truncate', 'right']],
  ])('spellings of flamegraph.pl and inferno: %j', async (theirs, ours) => {
    expect(await draw(...theirs, 'in.folded')).toBe(await draw(...ours, 'in.folded'));
  });

  test('words and looks stand in the picture', async () => {
    const svg = await draw(
      ...['--title', 'T<1>', '--subtitle', 'S', '--notes', 'N&', '--count-name', 'cats', '--name-type', 'Cat:'],
      ...['--search', 'rea', '--search-color', '#00ff00', '--ui-color', '#123456', '--stroke-color', '#654321'],
      ...['--bgcolors', 'blue', '--font-type', 'Comic Sans MS, fantasy', 'in.folded'],
    );
    expect(svg).toContain('data-full="T&lt;1&gt;"');
    expect(svg).toContain('data-full="N&amp;"');
    expect(svg).toContain('<title>resolve (50 cats, 50.00%)</title>');
    expect(svg).toContain('data-name-type="Cat:"');
    expect(svg).toContain('data-search="rea"');
    expect(svg).toContain('#frames .hit rect { fill: #00ff00; }');
    expect(svg).toContain('#frames rect { stroke: #654321; stroke-width: 1; }');
    expect(svg).toContain('fill: #123456; }');
    expect(svg).toContain('<stop stop-color="#e0e0ff" offset="95%"/>');
    expect(svg).toContain('font-family: "Comic Sans MS", fantasy, ');
    expect(svg).toContain('<title>read (30 cats, 30.00%)</title>');
  });

  test('titles say what is drawn', async () => {
    const titleOf = (svg: string) => /id="title"[^>]*data-full="([^"]*)"/.exec(svg)![1];
    expect(titleOf(await draw('in.folded'))).toBe('Flame Graph');
    expect(titleOf(await draw('-i', 'in.folded'))).toBe('Icicle Graph');
    expect(titleOf(await draw('--flamechart', 'in.folded'))).toBe('Flame Chart');
  });

  test('--factor scales what is shown, not where it stands', async () => {
    const svg = await draw('--factor', '0.1', 'in.folded');
    expect(svg).toContain('<title>all (10 samples, 100%)</title>');
    expect(svg).toContain('<title>resolve (5 samples, 50.00%)</title>');
    expect(svg).toContain('fg:w="50"');
    expect(svg).toContain('total_samples="100"');
  });

  test('--reverse, --flamechart and --no-sort put frames where they should be', async () => {
    const names = (svg: string) => rectangles(svg).map(({ name }) => name);
    expect(names(await draw('--reverse', 'in.folded'))).toEqual(
      'all read parse main resolve main scan<T> parse main'.split(' '),
    );
    expect(names(await draw('unsorted.folded'))).toEqual('all main a z'.split(' '));
    expect(names(await draw('--no-sort', 'unsorted.folded'))).toEqual('all main z a'.split(' '));
    expect(names(await draw('--flamechart', 'unsorted.folded'))).toEqual('all main z a z'.split(' '));
  });

  test('--random draws other colours for another seed, the same for the same', async () => {
    const fills = async (...options: string[]) =>
      rectangles(await draw('--colors', 'hot', ...options, 'in.folded')).map(({ fill }) => fill);
    expect(await fills('--random')).toEqual(await fills('--random-seed', '1234'));
    expect(await fills('--random-seed', '1')).not.toEqual(await fills('--random-seed', '2'));
  });

  test('--nameattr: links and titles; what is not taken is said', async () => {
    writeFileSync(
      join(cwd, 'attr.txt'),
      'resolve\thref=https://example.org/\tonclick=alert(1)\nmain\ttitle=The main\n',
    );
    const { stdout, stderr } = await runCli(['flame', '-o', '-', '--classic', '--nameattr', 'attr.txt', 'in.folded'], {
      cwd,
    });
    expect(stdout).toContain('xlink:href="https://example.org/"');
    expect(stdout).toContain('<title>The main</title>');
    expect(stdout).not.toContain('onclick');
    expect(stderr).toContain('not taken from attr.txt: onclick of resolve');
  });

  test('--cp writes palette.map beside nothing else', async () => {
    const folder = workFolder();
    const input = join(cwd, 'in.folded');
    await runCli(['flame', '-q', '-o', 'a.svg', '--cp', '--classic', '--colors', 'hot', input], { cwd: folder });
    const map = readFileSync(join(folder, 'palette.map'), 'utf8');
    expect(map.split('\n').map((line) => line.replace(/->.*/, ''))).toEqual([
      'main',
      'parse',
      'read_[k]',
      'resolve',
      'scan<T>',
      '',
    ]);
    expect(existsSync(join(folder, 'a.svg'))).toBe(true);
  });

  test('the way around the model (--quiet, a sorted file) gives the very picture of the way through it', async () => {
    const stdin = readFileSync(join(cwd, 'in.folded'), 'utf8');
    for (const options of [
      [],
      ['--colors', 'hot'],
      ['-i', '--min-width', '25%', '--subtitle', 's'],
      ['--width', '400', '--factor', '2'],
    ]) {
      const alone = [...options, '--no-embed'];
      const through = await runCli(['flame', '-q', '--classic', '-o', '-', ...alone, '-'], { cwd, stdin });
      expect(await draw(...alone, 'in.folded')).toBe(through.stdout);
    }
  });
});
