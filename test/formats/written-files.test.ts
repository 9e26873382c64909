// `expect` takes a hundred times as long, which in loops over all rows is most of the time
import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import * as oracle from 'pprof-format';
import { describe, expect, test } from 'vitest';
import { cpuprofile } from '../../src/formats/cpuprofile.ts';
import { gecko } from '../../src/formats/gecko.ts';
import { pprof } from '../../src/formats/pprof.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { anyProfile } from '../profile/arbitrary-profile.ts';
import { written } from './harness.ts';

// biome-ignore lint/suspicious/noExplicitAny: looks at any place of a JSON tree
type Json = Record<string, any>;

/** Holds a rule against the files of any profile. */
function always(rule: (profile: Profile) => void): void {
  fc.assert(fc.property(anyProfile, rule), { numRuns: 30 });
}

describe('pprof: the rules of profile.proto and of CheckValid in google/pprof', () => {
  const decode = (profile: Profile) =>
    oracle.Profile.decode(gunzipSync(Buffer.concat([...pprof.write!(profile)].map((chunk) => Buffer.from(chunk)))));

  test('texts, ids and values', () => {
    always((profile) => {
      const file = decode(profile);
      const { strings } = file.stringTable;
      expect(strings[0]).toBe('');
      expect(new Set(strings).size).toBe(strings.length);
      const ids = (rows: readonly { id: number | bigint }[]) => {
        const found = new Set(rows.map(({ id }) => Number(id)));
        expect(found.size).toBe(rows.length);
        expect(found.has(0)).toBe(false);
        return found;
      };
      const [mappings, functions, locations] = [ids(file.mapping), ids(file.function), ids(file.location)];
      const text = (index: number | bigint) => assert.ok(strings[Number(index)] !== undefined);
      for (const { type, unit } of file.sampleType) [type, unit].forEach(text);
      for (const { filename, hasFunctions } of file.mapping) {
        text(filename);
        expect(strings[Number(filename)]).not.toBe('');
        expect(hasFunctions).toBe(true);
      }
      for (const { name, systemName, filename } of file.function) [name, systemName, filename].forEach(text);
      for (const { mappingId, line } of file.location) {
        if (Number(mappingId) !== 0) assert.ok(mappings.has(Number(mappingId)));
        assert.equal(line.length, 1);
        assert.ok(functions.has(Number(line[0]!.functionId)));
      }
      for (const { locationId, value, label } of file.sample) {
        for (const id of locationId) assert.ok(locations.has(Number(id)));
        assert.equal(value.length, file.sampleType.length);
        for (const weight of value) assert.ok(Number(weight) >= 0);
        for (const { key, str, num } of label) {
          assert.match(strings[Number(key)]!, /^(?:pid|tid|process|thread)$/);
          text(str);
          // A label is a text or a number, never both
          assert.ok(Number(str) === 0 || Number(num) === 0);
        }
      }
    });
  });

  test('default type, period and time', () => {
    always((profile) => {
      const file = decode(profile);
      const word = (index: number | bigint) => file.stringTable.strings[Number(index)];
      const { type } = profile.valueTypes.at(-1)!;
      expect(word(file.defaultSampleType)).toBe(type);
      expect(file.sampleType.map((each) => word(each.type))).toContain(type);
      const { sampleInterval, startTime, duration } = profile.meta;
      expect(Number(file.period)).toBe(sampleInterval ?? 0);
      expect(file.periodType ? word(file.periodType.unit) : undefined).toBe(sampleInterval ? 'nanoseconds' : undefined);
      expect(Number(file.timeNanos)).toBe((startTime ?? 0) * 1e6);
      expect(Number(file.durationNanos)).toBe(duration ?? 0);
    });
  });
});

describe("cpuprofile: Profiler.Profile of V8's inspector protocol", () => {
  const KEYS = 'columnNumber,functionName,lineNumber,scriptId,url';

  test('one tree under one root, 0-based places, times that add up', () => {
    always((profile) => {
      const file: Json = JSON.parse(written(cpuprofile, profile));
      const byId = new Map<number, Json>(file.nodes.map((node: Json) => [node.id, node]));
      expect(byId.size).toBe(file.nodes.length);
      const seen = new Set<number>([file.nodes[0].id]);
      for (const id of seen) {
        for (const child of byId.get(id)!.children ?? []) {
          assert.ok(byId.has(child));
          assert.ok(!seen.has(child));
          seen.add(child);
        }
      }
      expect(seen.size).toBe(file.nodes.length);
      expect(file.nodes[0].callFrame).toMatchObject({ functionName: '(root)', url: '' });
      const hits = new Map<number, number>();
      for (const id of file.samples) hits.set(id, (hits.get(id) ?? 0) + 1);
      for (const { id, hitCount, callFrame } of file.nodes) {
        assert.ok(id > 0);
        assert.equal(hitCount, hits.get(id) ?? 0);
        assert.equal(Object.keys(callFrame).sort().join(), KEYS);
        for (const text of [callFrame.functionName, callFrame.scriptId, callFrame.url])
          assert.equal(typeof text, 'string');
        for (const place of [callFrame.lineNumber, callFrame.columnNumber]) {
          assert.ok(Number.isInteger(place) && place >= -1);
        }
      }
      // Callees of one caller are different functions
      for (const { children = [] } of file.nodes) {
        const frames = children.map((id: number) => JSON.stringify(byId.get(id)!.callFrame));
        assert.equal(new Set(frames).size, frames.length);
      }
      expect(file.samples).toHaveLength(file.timeDeltas.length);
      for (const id of file.samples) assert.ok(byId.has(id));
      for (const delta of file.timeDeltas) assert.ok(Number.isInteger(delta) && delta >= 0);
      const last = file.timeDeltas.reduce((sum: number, delta: number) => sum + delta, file.startTime);
      expect(Number.isInteger(file.startTime) && Number.isInteger(file.endTime)).toBe(true);
      expect(file.endTime).toBeGreaterThanOrEqual(last);
    });
  });
});

describe("gecko: version 60 of the Firefox profiler's src/types/profile.ts", () => {
  const columns: Record<string, readonly string[]> = {
    stackTable: ['frame', 'prefix'],
    frameTable: [
      ...['address', 'inlineDepth', 'category', 'subcategory', 'func', 'nativeSymbol', 'innerWindowID', 'line'],
      'column',
    ],
    funcTable: ['name', 'isJS', 'relevantForJS', 'resource', 'source', 'lineNumber', 'columnNumber'],
    resourceTable: ['lib', 'name', 'host', 'type'],
    nativeSymbols: ['libIndex', 'address', 'name', 'functionSize'],
    sources: ['uuid', 'filename'],
  };
  /** Where each index leads. */
  const leads: readonly (readonly [table: string, column: string, to: string, none: number | null | undefined])[] = [
    ['stackTable', 'frame', 'frameTable', undefined],
    ['stackTable', 'prefix', 'stackTable', null],
    ['frameTable', 'func', 'funcTable', undefined],
    ['frameTable', 'category', 'categories', undefined],
    ['funcTable', 'name', 'stringArray', undefined],
    ['funcTable', 'resource', 'resourceTable', -1],
    ['funcTable', 'source', 'sources', null],
    ['resourceTable', 'lib', 'libs', undefined],
    ['resourceTable', 'name', 'stringArray', undefined],
    ['sources', 'filename', 'stringArray', undefined],
  ];

  test('every table is whole, every index leads to a row', () => {
    always((profile) => {
      const file: Json = JSON.parse(written(gecko, profile));
      const { shared, meta, libs } = file;
      for (const [table, names] of Object.entries(columns)) {
        const { length, ...rest } = shared[table];
        expect(Object.keys(rest).sort(), table).toEqual([...names].sort());
        for (const name of names) expect(rest[name], `${table}.${name}`).toHaveLength(length);
      }
      const rows: Json = { ...shared, libs, categories: meta.categories };
      for (const [table, column, to, none] of leads) {
        for (const index of shared[table][column]) {
          if (none !== undefined && index === none) continue;
          assert.ok(Number.isInteger(index) && index >= 0 && index < rows[to].length, `${table}.${column}`);
        }
      }
      shared.stackTable.prefix.forEach((prefix: number | null, row: number) => {
        if (prefix !== null) assert.ok(prefix < row);
      });
      for (const lib of libs) {
        expect(Object.keys(lib).sort()).toEqual([
          ...['arch', 'breakpadId', 'codeId', 'debugName', 'debugPath', 'name', 'path'],
        ]);
      }
    });
  });

  test('meta and threads have all that is required', () => {
    always((profile) => {
      const { meta, threads, shared }: Json = JSON.parse(written(gecko, profile));
      expect(meta).toMatchObject({
        interval: expect.any(Number),
        startTime: expect.any(Number),
        processType: 0,
        product: expect.any(String),
        stackwalk: 1,
        version: expect.any(Number),
        preprocessedProfileVersion: 60,
        markerSchema: [],
      });
      for (const { name, color, subcategories } of meta.categories) {
        expect([typeof name, typeof color, subcategories]).toEqual(['string', 'string', ['Other']]);
      }
      expect(meta.categories.some(({ color }: Json) => color === 'grey')).toBe(true);
      expect(threads.length).toBeGreaterThan(0);
      for (const thread of threads) {
        expect(thread).toMatchObject({
          processType: 'default',
          processStartupTime: 0,
          processShutdownTime: null,
          registerTime: 0,
          unregisterTime: null,
          pausedRanges: [],
          name: expect.any(String),
          isMainThread: expect.any(Boolean),
          pid: expect.any(String),
          tid: expect.any(Number),
        });
        for (const column of ['data', 'name', 'startTime', 'endTime', 'phase', 'category']) {
          expect(thread.markers[column]).toHaveLength(thread.markers.length);
        }
        // Bytes are allocations, beside which there are no samples
        const { nativeAllocations } = thread;
        if (nativeAllocations) {
          expect(thread.samples).toEqual({ weightType: 'samples', stack: [], time: [], weight: null, length: 0 });
        }
        const { stack, time, weight, weightType, length } = nativeAllocations ?? thread.samples;
        for (const column of [stack, time, weight]) expect(column).toHaveLength(length);
        expect(nativeAllocations ? ['bytes'] : ['samples', 'tracing-ms']).toContain(weightType);
        for (const index of stack) if (index !== null) assert.ok(index < shared.stackTable.length);
        for (let i = 1; i < length; i++) assert.ok(time[i] >= time[i - 1]);
      }
    });
  });
});
