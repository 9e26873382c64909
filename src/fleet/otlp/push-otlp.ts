import { EXIT, UserError } from '../../errors.ts';
import { inputOf } from '../../formats/input.ts';
import { BYTES, cursor, readBlock, readInt, readTag, skipField } from '../../formats/protobuf/reader.ts';
import type { Profile } from '../../profile/profile.ts';
import type { Destination } from '../destination.ts';
import type { Transport } from '../http.ts';
import type { Origin } from '../origin.ts';
import { encodeProfiles } from './encode-profiles.ts';

/** What goes with a profile. */
export interface OtlpWishes {
  /** `X-Scope-OrgID`. */
  readonly tenant?: string;
}

/**
 * Sends a profile as OTLP over HTTP with protobuf: `POST /v1development/profiles`. Experimental, as OpenTelemetry's signal is.
 * @param env OTEL_EXPORTER_OTLP_HEADERS (`name=value,name=value`) are sent along
 * @returns notes of the server
 * @throws {UserError} the server cannot be reached, refuses, or rejects the profile
 */
export async function pushToOtlp(
  profile: Profile,
  origin: Origin,
  { tenant }: OtlpWishes,
  { base }: Destination,
  transport: Transport,
  env: NodeJS.ProcessEnv,
): Promise<readonly string[]> {
  const body = encodeProfiles(profile, origin);
  const answer = await transport.send({
    method: 'POST',
    url: new URL('v1development/profiles', base),
    headers: {
      'content-type': 'application/x-protobuf',
      ...headersOf(env.OTEL_EXPORTER_OTLP_HEADERS ?? ''),
      ...(tenant === undefined ? {} : { 'X-Scope-OrgID': tenant }),
    },
    body,
    says: `${profile.valueTypes.length} OTLP profiles in ${body.length} bytes`,
    repeatable: false,
  });
  const { rejected, message } = partialSuccess(answer);
  if (rejected > 0) {
    throw new UserError(`the collector rejected ${rejected} of ${profile.valueTypes.length} profiles: ${message}`, {
      exitCode: EXIT.cannotCollect,
    });
  }
  return message === '' ? [] : [`the collector says: ${message}`];
}

/** As the specification of the exporter has it: like W3C baggage, percent-encoded. */
function headersOf(list: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const pair of list.split(',')) {
    const [, name, value] = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
    if (name === undefined || value === undefined) continue;
    try {
      headers[name] = decodeURIComponent(value);
    } catch {
      headers[name] = value;
    }
  }
  return headers;
}

/** `ExportProfilesServiceResponse.partial_success`; of an answer that is none, nothing. */
function partialSuccess(answer: Buffer): { rejected: number; message: string } {
  const told = { rejected: 0, message: '' };
  try {
    const top = cursor(inputOf(answer, 'the answer'), answer);
    while (top.at < top.end) {
      const tag = readTag(top);
      if (tag !== 1 * 8 + BYTES) {
        skipField(top, tag);
        continue;
      }
      const partial = readBlock(top);
      while (partial.at < partial.end) {
        const field = readTag(partial);
        if (field === 1 * 8) told.rejected = readInt(partial);
        else if (field === 2 * 8 + BYTES) {
          const text = readBlock(partial);
          told.message = answer.toString('utf8', text.at, text.end);
        } else skipField(partial, field);
      }
    }
  } catch {
    // Some servers answer with JSON or nothing at all
  }
  return told;
}
