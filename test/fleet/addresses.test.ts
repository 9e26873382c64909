import { describe, expect, test } from 'vitest';
import { isFleetAddress, parseDestination } from '../../src/fleet/destination.ts';
import { parseCondition, parseLabel } from '../../src/fleet/labels.ts';
import { parseTime } from '../../src/fleet/time.ts';

describe('addresses', () => {
  test.each([
    ['clickhouse://db', 'http://db:8123/', 'clickhouse://db:8123'],
    ['clickhouse://db/profiles', 'http://db:8123/profiles/', 'clickhouse://db:8123/profiles'],
    ['clickhouse+https://db:8443/x', 'https://db:8443/x/', 'clickhouse+https://db:8443/x'],
    ['CLICKHOUSE://db', 'http://db:8123/', 'clickhouse://db:8123'],
    ['pyroscope+http://p', 'http://p:4040/', 'pyroscope+http://p:4040'],
    ['pyroscope+https://p/prefix', 'https://p/prefix/', 'pyroscope+https://p/prefix'],
    ['otlp+http://c', 'http://c:4318/', 'otlp+http://c:4318'],
    ['otlp+http://c:80/', 'http://c/', 'otlp+http://c'],
    ['prometheus+http://[::1]', 'http://[::1]:9091/', 'prometheus+http://[::1]:9091'],
    ['victoriametrics+http://v', 'http://v:8428/', 'victoriametrics+http://v:8428'],
  ])('%s', (text, base, place) => {
    const destination = parseDestination(text, {});
    expect(destination.base.href).toBe(base);
    expect(destination.place).toBe(place);
    expect(destination.authorization).toBeUndefined();
  });

  test('credentials are in no part that is shown', () => {
    const destination = parseDestination('clickhouse://us%40er:p%2Fw%C3%BC@db/x?service=a#frag', {});
    expect(destination.authorization).toBe(`Basic ${Buffer.from('us@er:p/wü').toString('base64')}`);
    const { authorization: _, ...shown } = destination;
    expect(JSON.stringify({ ...shown, base: shown.base.href })).not.toMatch(/us%40er|us@er|p%2Fw|p\/w/);
    expect([...destination.params]).toEqual([['service', 'a']]);
    const env = { CLICKHOUSE_PASSWORD: 'x', PFORGE_PROF_PUSH_TOKEN: 't' };
    expect(parseDestination('clickhouse://db', env).authorization).toBe(
      `Basic ${Buffer.from('default:x').toString('base64')}`,
    );
    expect(parseDestination('otlp+http://c', env).authorization).toBe('Bearer t');
  });

  test.each(['http://x', 'file', 'clickhouse:db', 'clickhouse://secret:word@:x/', 'otlp+ftp://x', ''])(
    '%s is none',
    (text) => {
      expect(() => parseDestination(text, {})).toThrow(
        /^(?:no destination is called|the address behind clickhouse cannot be read)/,
      );
      expect(() => parseDestination(text, {})).not.toThrow(/secret|word/);
    },
  );

  test('only ClickHouse can be an input', () => {
    expect(isFleetAddress('clickhouse://x')).toBe(true);
    expect(isFleetAddress('clickhouse+https://x')).toBe(true);
    for (const text of ['pyroscope+http://x', 'clickhouse', './clickhouse:/x', '-'])
      expect(isFleetAddress(text)).toBe(false);
  });
});

describe('times', () => {
  const now = Date.UTC(2026, 0, 31, 12);
  test.each([
    ['now', now],
    ['-90s', now - 90_000],
    ['-1.5h', now - 5_400_000],
    ['-2d', now - 172_800_000],
    ['-1w', now - 604_800_000],
    ['1700000000', 1.7e12],
    ['2026-01-02', Date.UTC(2026, 0, 2)],
    ['2026-01-02 03:04', Date.UTC(2026, 0, 2, 3, 4)],
    ['2026-01-02T03:04:05.5Z', Date.UTC(2026, 0, 2, 3, 4, 5, 500)],
    ['2026-01-02T03:04+02:00', Date.UTC(2026, 0, 2, 1, 4)],
  ])('%s', (text, time) => expect(parseTime(text, now)).toBe(time));
  test.each(['', 'yesterday', '1h', '+1h', '-1y', '2026-13-01', '2026-01-02T25:00', '12'])('%s is none', (text) =>
    expect(parseTime(text, now)).toBeUndefined(),
  );
});

test('labels and conditions', () => {
  expect(parseLabel('region=eu=west')).toEqual(['region', 'eu=west']);
  expect(parseLabel('a.b=')).toEqual(['a.b', '']);
  for (const text of ['', '=x', '1a=x', 'a b=x', 'a']) expect(parseLabel(text)).toBeUndefined();
  expect(parseCondition('region!=eu')).toEqual({ name: 'region', value: 'eu', isNot: true });
  expect(parseCondition('region=!eu')).toEqual({ name: 'region', value: '!eu', isNot: false });
  expect(parseCondition('region')).toBeUndefined();
});
