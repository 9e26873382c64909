import { describe, expect, test } from 'vitest';
import { classesOf } from '../../../src/heap/classes.ts';
import { compareClasses } from '../../../src/heap/comparison.ts';
import { analyseHeap } from '../../../src/heap/dominators.ts';
import { growers } from '../../../src/heap/growth.ts';
import { keptColumns } from '../../../src/heap/kept-columns.ts';
import { objectWords } from '../../../src/heap/object-words.ts';
import { leakSuspects } from '../../../src/heap/suspects.ts';
import { heapComparisonJson, heapComparisonText } from '../../../src/render/heap-snapshot/diff-report.ts';
import { dominatorsText } from '../../../src/render/heap-snapshot/dominators-text.ts';
import { leakHuntText } from '../../../src/render/heap-snapshot/leak-report.ts';
import { retainersText } from '../../../src/render/heap-snapshot/retainers-text.ts';
import type { AnalysedSnapshot } from '../../../src/render/heap-snapshot/snapshot-report.ts';
import { stringsText } from '../../../src/render/heap-snapshot/strings-text.ts';
import { summaryText } from '../../../src/render/heap-snapshot/summary-text.ts';
import { stringWidth } from '../../../src/terminal/string-width.ts';
import { type EdgeWords, graphOf } from '../../heap/snapshot-text.ts';
import { HOSTILE_NAMES } from '../hostile-names.ts';

/** A heap in which every name is one of those that try to break out of a text; `many` of each hang on one object. */
async function hostileHeap(many: number): Promise<AnalysedSnapshot> {
  const nodes = [{ type: 'synthetic', name: '', size: 0 }, { name: HOSTILE_NAMES[0]! }];
  const edges: EdgeWords[] = [[0, 1, 1]];
  for (const name of HOSTILE_NAMES) {
    for (const type of ['object', 'closure', 'string', 'native', 'code', 'regexp']) {
      for (let i = 0; i < many; i++) {
        edges.push([1, nodes.length, name]);
        nodes.push({ type, name, size: 1000 });
      }
    }
  }
  // As V8 writes lone surrogates: as U+FFFD
  const graph = await graphOf({ nodes, edges });
  const name = `${HOSTILE_NAMES[12]}.heapsnapshot`;
  return { name, graph, analysis: analyseHeap(graph), classes: classesOf(graph), words: objectWords(graph), notes: [] };
}

const columnsOf = ({ name, graph, analysis, classes }: AnalysedSnapshot) => keptColumns(name, graph, analysis, classes);

/** Whatever could drive or reorder a terminal, but for newlines. */
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

describe('names that try to break out', async () => {
  const snapshots = [await hostileHeap(1), await hostileHeap(2), await hostileHeap(3)] as const;
  const last = snapshots[2];
  const columns = snapshots.map(columnsOf);
  const comparison = {
    snapshots: columns.map(({ name, totalSize, id }) => ({ name, bytes: totalSize, nodes: id.length })),
    changes: compareClasses(columns[0]!, columns[2]!),
    suspects: leakSuspects(last.graph, last.analysis, last.words, growers(columns)),
    notes: [],
  };
  const reports = (width: number): Record<string, string> => ({
    summary: summaryText(last, { width }),
    strings: stringsText(last, { width }),
    dominators: dominatorsText(last, { width, minPercent: 0 }),
    retainers: retainersText(last, 5, { width }),
    comparison: heapComparisonText(comparison, { width }),
    leak: leakHuntText({ comparison, each: 'load', requests: [10, 10], kept: ['a'] }, { width }),
  });

  test.each(['summary', 'strings', 'dominators', 'retainers', 'comparison', 'leak'])('%s', (report) => {
    for (const width of [40, 80, 200]) {
      const text = reports(width)[report]!;
      expect(text.endsWith('\n')).toBe(true);
      expect(text.length).toBeGreaterThan(100);
      expect(text).not.toMatch(UNSAFE);
      expect(text.split('\n').filter((line) => stringWidth(line) > width)).toEqual([]);
    }
  });

  test('JSON holds them as they are', () => {
    const json = JSON.parse(JSON.stringify(heapComparisonJson(comparison)));
    expect(json.suspects.length).toBeGreaterThan(0);
    expect(json.classes.map(({ name }: { name: string }) => name)).toContain('__proto__');
  });
});

test('what holds more bytes in fewer objects is told so', () => {
  const one = { className: 'Job', classKey: 'Job', counts: [60, 1], sizes: [100, 400], members: [] };
  const suspect = {
    ...{ holder: 11, holderName: 'queue: Array', holderPlace: '', what: 'Job', sizes: [100, 400] },
    ...{ classes: [one], contents: [], path: [], allocatedBy: [] },
  };
  const snapshots = [1000, 1300].map((bytes, i) => ({ name: `${i}`, bytes, nodes: 100 }));
  const text = heapComparisonText({ snapshots, changes: [], suspects: [suspect], notes: [] }, { width: 100 });
  expect(text).toContain('since the first snapshot -59 of them, +300 B');
});
