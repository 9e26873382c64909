import { UserError } from '../errors.ts';
import type { Destination } from './destination.ts';
import type { Transport } from './http.ts';
import type { Labels } from './labels.ts';
import { HELP, type Metric } from './metrics.ts';

/**
 * Replaces what a Pushgateway has of a group, so that the same sent twice is the same (`PUT /metrics/job/...`). It keeps the
 * last number and no times.
 * @param group labels of the address: `job` first
 */
export async function pushToGateway(
  metrics: readonly Metric[],
  group: Labels,
  { base }: Destination,
  transport: Transport,
): Promise<void> {
  const path = [...group].flatMap(([name, value]) => segment(name, value)).join('/');
  await transport.send({
    method: 'PUT',
    url: new URL(`metrics/${path}`, base),
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
    body: exposition(metrics),
    says: `${metrics.length} gauges`,
    repeatable: true,
  });
}

/** A label of the address. What a path cannot hold, the Pushgateway takes as URL-safe base64. */
function segment(name: string, value: string): [string, string] {
  if (value !== '' && !value.includes('/')) return [name, encodeURIComponent(value)];
  return [`${name}@base64`, value === '' ? '=' : Buffer.from(value).toString('base64url')];
}

/** Prometheus's text format 0.0.4: all numbers of a gauge below its head. */
function exposition(metrics: readonly Metric[]): string {
  const byName = new Map<string, string[]>();
  const seen = new Set<string>();
  for (const { name, labels, value } of metrics) {
    const pairs = [...labels].map(
      ([label, text]) => `${label}="${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`,
    );
    const series = `${name}{${pairs.join(',')}}`;
    if (seen.has(series)) {
      throw new UserError(`there are two results of the same name: ${series}`, {
        hint: 'push them apart, with another --label',
      });
    }
    seen.add(series);
    const lines = byName.get(name) ?? [];
    byName.set(name, lines);
    lines.push(`${series} ${value}\n`);
  }
  return [...byName]
    .map(([name, lines]) => {
      const help = HELP.get(name.replace(/_(?:low|high)$/, '')) ?? '';
      return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
    })
    .join('');
}
