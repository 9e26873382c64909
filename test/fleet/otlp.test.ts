import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli, workFolder } from '../e2e/run-cli.ts';
import { requireTool } from '../require-tool.ts';
import { type ContractServer, startContract } from './servers.ts';

const fixture = (name: string): string => resolve(import.meta.dirname, '../../fixtures', name);

/** Messages and field numbers of opentelemetry-proto 1.10 as far as we send them, for protoc to decode by. */
const SCHEMA = `syntax = "proto3"; package t;
message Request { repeated ResourceProfiles resource_profiles = 1; Dictionary dictionary = 2; }
message ResourceProfiles { Resource resource = 1; repeated ScopeProfiles scope_profiles = 2; string schema_url = 3; }
message Resource { repeated KeyValue attributes = 1; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
message ScopeProfiles { Scope scope = 1; repeated Profile profiles = 2; string schema_url = 3; }
message Scope { string name = 1; string version = 2; }
message Dictionary { repeated Mapping mapping_table = 1; repeated Location location_table = 2; repeated Function function_table = 3;
  repeated Link link_table = 4; repeated string string_table = 5; repeated KeyValueAndUnit attribute_table = 6; repeated Stack stack_table = 7; }
message Profile { ValueType sample_type = 1; repeated Sample samples = 2; fixed64 time_unix_nano = 3; uint64 duration_nano = 4;
  ValueType period_type = 5; int64 period = 6; bytes profile_id = 7; uint32 dropped_attributes_count = 8;
  string original_payload_format = 9; bytes original_payload = 10; repeated int32 attribute_indices = 11; }
message Link { bytes trace_id = 1; bytes span_id = 2; }
message ValueType { int32 type_strindex = 1; int32 unit_strindex = 2; }
message Sample { int32 stack_index = 1; repeated int32 attribute_indices = 2; int32 link_index = 3; repeated int64 values = 4;
  repeated fixed64 timestamps_unix_nano = 5; }
message Mapping { uint64 memory_start = 1; uint64 memory_limit = 2; uint64 file_offset = 3; int32 filename_strindex = 4; repeated int32 attribute_indices = 5; }
message Stack { repeated int32 location_indices = 1; }
message Location { int32 mapping_index = 1; uint64 address = 2; repeated Line lines = 3; repeated int32 attribute_indices = 4; }
message Line { int32 function_index = 1; int64 line = 2; int64 column = 3; }
message Function { int32 name_strindex = 1; int32 system_name_strindex = 2; int32 filename_strindex = 3; int64 start_line = 4; }
message KeyValueAndUnit { int32 key_strindex = 1; AnyValue value = 2; int32 unit_strindex = 3; }`;

type Message = Map<string, (string | Message)[]>;

/** Protobuf decoded by protoc itself, whose text form is read here. Numbers without a name are fields that nobody defines. */
function decoded(bytes: Uint8Array): Message {
  const folder = workFolder();
  writeFileSync(join(folder, 'otlp.proto'), SCHEMA);
  const text = execFileSync('protoc', [`--proto_path=${folder}`, '--decode=t.Request', 'otlp.proto'], {
    input: bytes,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const top: Message = new Map();
  const open = [top];
  for (const line of text.split('\n')) {
    const [, name, block, value] = /^\s*(\w+)(?: (\{)|: (.*))$/.exec(line) ?? [];
    const into = open.at(-1)!;
    if (line.trim() === '}') open.pop();
    else if (name !== undefined) {
      const found = into.get(name) ?? [];
      into.set(name, found);
      if (block === undefined) found.push(value!);
      else {
        const message: Message = new Map();
        found.push(message);
        open.push(message);
      }
    }
  }
  return top;
}

const messages = (of: Message, name: string): Message[] => (of.get(name) ?? []) as Message[];
const number = (of: Message, name: string): number => Number((of.get(name)?.[0] as string | undefined) ?? 0);
const numbers = (of: Message, name: string): number[] => ((of.get(name) ?? []) as string[]).map(Number);

/** What the published comments of the protocol demand. @returns folded text of the first profile */
function checked(request: Message): { folded: Map<string, number>; attributes: string[] } {
  const [dictionary] = messages(request, 'dictionary') as [Message];
  for (const name of ['mapping', 'location', 'function', 'link', 'attribute', 'stack']) {
    const zero = messages(dictionary, `${name}_table`)[0];
    expect(zero, name).toBeDefined();
    if (name !== 'link') expect(zero!.size, `${name}_table[0]`).toBe(0);
  }
  const strings = (dictionary.get('string_table') as string[]).map(
    (text) => JSON.parse(text.replace(/\\'/g, "'").replace(/\\(\d{3})/g, '?')) as string,
  );
  expect(strings[0]).toBe('');
  expect(new Set(dictionary.get('string_table')).size).toBe(strings.length);
  const [locations, functions, stacks, table] = [
    'location_table',
    'function_table',
    'stack_table',
    'attribute_table',
  ].map((name) => messages(dictionary, name)) as [Message[], Message[], Message[], Message[]];
  const nameOf = (location: number): string => {
    const [line] = messages(locations[location]!, 'lines');
    return strings[number(functions[number(line!, 'function_index')]!, 'name_strindex')]!;
  };
  const resource = messages(request, 'resource_profiles')[0]!;
  const profiles = messages(messages(resource, 'scope_profiles')[0]!, 'profiles');
  for (const profile of profiles) {
    const identities = new Set<string>();
    const start = BigInt(profile.get('time_unix_nano')![0] as string);
    const end = start + BigInt((profile.get('duration_nano')?.[0] as string) ?? 0);
    for (const sample of messages(profile, 'samples')) {
      const identity = JSON.stringify([number(sample, 'stack_index'), numbers(sample, 'attribute_indices')]);
      expect(identities.has(identity), 'one sample an identity').toBe(false);
      identities.add(identity);
      const stamps = (sample.get('timestamps_unix_nano') ?? []) as string[];
      expect([0, numbers(sample, 'values').length]).toContain(stamps.length);
      for (const stamp of stamps) expect(BigInt(stamp) >= start && BigInt(stamp) < end).toBe(true);
    }
    expect(profile.get('profile_id')).toHaveLength(1);
  }
  const folded = new Map<string, number>();
  for (const sample of messages(profiles[0]!, 'samples')) {
    const frames = numbers(stacks[number(sample, 'stack_index')]!, 'location_indices').map(nameOf).reverse();
    const sum = numbers(sample, 'values').reduce((a, b) => a + b, 0);
    const line = frames.join(';');
    folded.set(line, (folded.get(line) ?? 0) + sum);
  }
  return { folded, attributes: table.slice(1).map((one) => strings[number(one, 'key_strindex')]!) };
}

describe.skipIf(!requireTool('protoc', existsSync('/usr/bin/protoc')))('profiles as OTLP', () => {
  let server: ContractServer;
  let answer: { status: number; body?: Uint8Array } = { status: 200 };
  beforeAll(async () => {
    server = await startContract(({ method, path, headers }) => {
      if (method !== 'POST' || path !== '/v1development/profiles') return { status: 404 };
      return headers['content-type'] === 'application/x-protobuf' ? answer : { status: 415 };
    });
  });
  afterAll(() => server.stop());
  const push = (file: string, ...words: string[]) =>
    runCli(['push', file, '--to', `otlp+http://${server.address}`, '--service', 'api', ...words], {
      env: { OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20b,other=c' },
    });

  test.each(['cpuprofile/node.cpuprofile', 'perf-data/threads.data.gz'])(
    '%s: protoc decodes the stacks that were read',
    async (name) => {
      const { code, stderr } = await push(fixture(name), '--label', 'region=eu', '--host', 'h1');
      expect(stderr).not.toMatch(/error/);
      expect(code).toBe(0);
      const { body, headers } = server.received.at(-1)!;
      expect(headers['api-key']).toBe('a b');
      const request = decoded(body);
      const resource = messages(messages(request, 'resource_profiles')[0]!, 'resource')[0]!;
      const attributes = messages(resource, 'attributes').map(
        (one) => `${one.get('key')}=${messages(one, 'value')[0]!.get('string_value')}`,
      );
      expect(attributes).toEqual(['"service.name"="api"', '"host.name"="h1"', '"region"="eu"']);
      const { folded, attributes: used } = checked(request);
      const report = JSON.parse((await runCli(['report', fixture(name), '--json', '--limit', '100000'])).stdout);
      expect([...folded.values()].reduce((a, b) => a + b, 0)).toBe(Math.round(report.weight.total));
      const self = new Map<string, number>();
      for (const [stack, value] of folded)
        self.set(stack.split(';').at(-1)!, (self.get(stack.split(';').at(-1)!) ?? 0) + value);
      const expected = new Map<string, number>();
      for (const { name: frame, self: own } of report.top)
        if (own > 0) expected.set(frame, (expected.get(frame) ?? 0) + own);
      for (const [frame, own] of expected) expect(self.get(frame), frame).toBe(Math.round(own));
      if (name.includes('perf'))
        expect(used).toEqual(expect.arrayContaining(['thread.id', 'thread.name', 'process.pid']));
    },
  );

  test('a profile that the collector rejects is an error; a warning is a note', async () => {
    const file = fixture('cpuprofile/node.cpuprofile');
    const partial = (rejected: number, message: string): Uint8Array => {
      const text = Buffer.from(message);
      const inner = Buffer.concat([
        Buffer.from(rejected > 0 ? [8, rejected] : []),
        Buffer.from([18, text.length]),
        text,
      ]);
      return Buffer.concat([Buffer.from([10, inner.length]), inner]);
    };
    answer = { status: 200, body: partial(1, 'too old') };
    const rejected = await push(file);
    expect(rejected.code).toBe(125);
    expect(rejected.stderr).toMatch(/the collector rejected 1 of \d+ profiles: too old/);
    answer = { status: 200, body: partial(0, 'deprecated') };
    const warned = await push(file);
    expect(warned.code).toBe(0);
    expect(warned.stderr).toMatch(/note: .*the collector says: deprecated/);
    answer = { status: 200 };
    const missing = await runCli(['push', file, '--to', `otlp+http://${server.address}/wrong`, '--service', 'api']);
    expect(missing.stderr).toMatch(/answered 404; is this the right server/);
  });
});
