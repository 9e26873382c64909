import { type Command as CommanderCommand, InvalidArgumentError, Option } from 'commander';
import type { Labels } from '../../fleet/labels.ts';
import { parseLabel } from '../../fleet/labels.ts';
import { parseTime } from '../../fleet/time.ts';

const EXAMPLES = `
Profiles of any format go to ClickHouse, Grafana Pyroscope or an OpenTelemetry collector; results of benchmarks and of load,
and a whole history, to Prometheus (its Pushgateway) or VictoriaMetrics. Credentials belong into the address
(USER:PASSWORD@HOST) or the environment: CLICKHOUSE_USER and CLICKHOUSE_PASSWORD, PFORGE_PROF_PUSH_TOKEN.

Examples:
  pforge-prof push perf.data --to clickhouse://db:8123/profiles --service api --label region=eu
  pforge-prof flame clickhouse://db:8123/profiles --service api --from -1h --where region=eu
  pforge-prof diff 'clickhouse://db/profiles?from=-2h&to=-1h' 'clickhouse://db/profiles?from=-1h' --service api
  pforge-prof push app.cpuprofile --to pyroscope+http://pyroscope:4040 --service api
  pforge-prof push perf.data --to otlp+http://collector:4318 --service api
  pforge-prof push bench.json --to prometheus+http://pushgateway:9091 --label branch=main
  pforge-prof push --history .pforge-prof/history.jsonl --to victoriametrics+http://vm:8428
`;

/** What the words of `pforge-prof push` say; names as commander makes them. */
export interface PushOptions {
  readonly to?: string;
  readonly service?: string;
  readonly host?: string;
  readonly label?: Labels;
  /** Milliseconds since the epoch. */
  readonly time?: number;
  readonly format: 'pprof' | 'folded';
  readonly tenant?: string;
  readonly job: string;
  readonly history?: string;
  readonly inputFormat?: string;
  readonly dryRun?: boolean;
}

export function configurePush(command: CommanderCommand): void {
  command
    .argument('[input...]', 'recordings, or results of bench and load; - is standard input')
    .option('--to <address>', 'where to: clickhouse://, pyroscope+http://, otlp+http://, prometheus+http://, ...')
    .option('--service <name>', 'what was profiled')
    .option('--host <name>', 'where it ran (default: the name of this machine)')
    .option('--label <name=value>', 'what else tells it apart; may be given several times', label)
    .option('--time <time>', 'when it was, where the input does not say (default: when its file was written)', time)
    .addOption(
      new Option('--format <format>', 'Pyroscope: how profiles are sent').choices(['pprof', 'folded']).default('pprof'),
    )
    .option('--tenant <id>', 'Pyroscope and OTLP: X-Scope-OrgID')
    .option('--job <name>', 'Prometheus, VictoriaMetrics: the label job', 'pforge-prof')
    .option('--history <store>', 'VictoriaMetrics: all results of a history, each at the time of its commit')
    .option('--input-format <format>', 'the format of the inputs, instead of detecting it')
    .option('--dry-run', 'show what would be sent, and send nothing')
    .addHelpText('after', EXAMPLES);
}

function label(text: string, before: Labels | undefined): Labels {
  const pair = parseLabel(text);
  if (pair === undefined) throw new InvalidArgumentError('It must be name=value, the name of letters, digits and _.');
  return new Map([...(before ?? []), pair]);
}

function time(text: string): number {
  const found = parseTime(text, Date.now());
  if (found !== undefined) return found;
  throw new InvalidArgumentError('It must be a time: now, -1h, 2026-01-31T12:00, seconds since 1970.');
}
