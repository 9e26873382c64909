import { UserError } from '../errors.ts';

/** What takes profiles or numbers of a fleet. */
type DestinationKind = 'clickhouse' | 'pyroscope' | 'otlp' | 'prometheus' | 'victoriametrics';

/** Ports that these servers have where nobody says which. */
const PORTS: Readonly<Record<DestinationKind, number>> = {
  clickhouse: 8123,
  pyroscope: 4040,
  otlp: 4318,
  prometheus: 9091,
  victoriametrics: 8428,
};

/** Where something is sent to, or asked. */
export interface Destination {
  readonly kind: DestinationKind;
  /** Without credentials, query and fragment; ends in `/`. */
  readonly base: URL;
  /** For messages: without credentials. */
  readonly place: string;
  /** Value of the header `Authorization`. */
  readonly authorization?: string;
  /** What the address says behind `?`. */
  readonly params: URLSearchParams;
}

/** Whether an input is no file but something to be asked for. */
export function isFleetAddress(text: string): boolean {
  return /^clickhouse(?:\+https?)?:\/\//i.test(text);
}

/**
 * Reads an address: `clickhouse://user:password@host:8123/database`, `pyroscope+https://host/`.
 * @param env has credentials where the address has none: CLICKHOUSE_USER and CLICKHOUSE_PASSWORD; PFORGE_PROF_PUSH_TOKEN for
 *   the others (a bearer token)
 * @throws {UserError} it is none; never with what it holds, as that may be a password
 */
export function parseDestination(text: string, env: NodeJS.ProcessEnv): Destination {
  const [, name, transport, rest] = /^([a-z]+)(?:\+(https?))?:\/\/(.*)$/is.exec(text) ?? [];
  const kind = (Object.keys(PORTS) as DestinationKind[]).find((one) => one === name?.toLowerCase());
  if (kind === undefined || rest === undefined) {
    throw new UserError(`no destination is called ${name === undefined ? 'so' : `${name}://`}`, {
      hint: 'clickhouse://HOST/DATABASE, pyroscope+http://HOST, otlp+http://HOST, prometheus+http://HOST, victoriametrics+http://HOST',
    });
  }
  const scheme = transport?.toLowerCase() ?? 'http';
  const url = URL.canParse(`${scheme}://${rest}`) ? new URL(`${scheme}://${rest}`) : undefined;
  if (url === undefined) {
    throw new UserError(`the address behind ${kind} cannot be read`, {
      hint: `${kind}${kind === 'clickhouse' ? '' : '+http'}://USER:PASSWORD@HOST:${PORTS[kind]}/; other signs than letters and digits as %XX`,
    });
  }
  const authorization = authorizationOf(kind, url, env);
  const params = new URLSearchParams(url.search);
  url.username = '';
  url.password = '';
  url.hash = '';
  url.search = '';
  // What is behind a proxy with TLS has the port of the proxy
  if (url.port === '' && scheme === 'http' && !/^[^/?#]*:80(?:[/?#]|$)/.test(rest)) url.port = String(PORTS[kind]);
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  const place = `${kind}${transport === undefined ? '' : `+${scheme}`}://${url.host}${url.pathname.slice(0, -1)}`;
  return { kind, base: url, place, params, ...(authorization === undefined ? {} : { authorization }) };
}

function authorizationOf(kind: DestinationKind, url: URL, env: NodeJS.ProcessEnv): string | undefined {
  const basic = (user: string, password: string): string =>
    `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  if (url.username !== '' || url.password !== '') return basic(decoded(url.username), decoded(url.password));
  if (kind === 'clickhouse') {
    const { CLICKHOUSE_USER: user, CLICKHOUSE_PASSWORD: password } = env;
    return user || password ? basic(user || 'default', password ?? '') : undefined;
  }
  return env.PFORGE_PROF_PUSH_TOKEN ? `Bearer ${env.PFORGE_PROF_PUSH_TOKEN}` : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
