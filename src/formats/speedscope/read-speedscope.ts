import { type FrameWords, ProfileBuilder } from '../../profile/builder.ts';
import { type Counter, IDLE_COUNTER, type Profile, type Thread } from '../../profile/profile.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { guessedKind } from '../frames/guessed-kind.ts';
import {
  type JsonObject,
  jsonArray,
  jsonNumber,
  jsonObject,
  jsonString,
  readJson,
  wrongType,
} from '../json-stream/input.ts';
import { ALL, members } from '../json-stream/shape.ts';
import { distinctTypes, scaled, type WeightUnit } from '../samples/weight-units.ts';
import { SpeedscopeColumns, SpeedscopeStacks, speedscopeProfiles } from './columns.ts';
import { readSpeedscopeProfile, type SpeedscopeWeights } from './profile.ts';
import { speedscopeUnits } from './units.ts';

/** All profiles of the file, a thread each. */
export async function readSpeedscope(input: Input, notes: Notes): Promise<Profile> {
  let words: FrameWords[] = [];
  const stacks = new SpeedscopeStacks();
  const value = await readJson(input, (machine) =>
    members({
      shared: members({
        frames: {
          items: members({ name: ALL, file: ALL, line: ALL, col: ALL }),
          opened() {
            words = [];
          },
          each: (frame) => words.push(readFrame(input, () => machine.path(), frame)),
        },
      }),
      profiles: speedscopeProfiles(input, machine, stacks),
      pforgeProf: ALL,
      activeProfileIndex: ALL,
      exporter: ALL,
    }),
  );
  const file = jsonObject(input, '$', value);
  jsonArray(input, '$.shared.frames', jsonObject(input, '$.shared', file.shared).frames);
  const list = jsonArray(input, '$.profiles', file.profiles);
  if (list.length === 0) throw new FormatError(input, '$.profiles', 'there is no profile');
  const own = file.pforgeProf === undefined ? undefined : jsonObject(input, '$.pforgeProf', file.pforgeProf);
  const profiles = Array.from({ length: list.length }, (_, i) => {
    const path = `$.profiles[${i}]`;
    const profile = list.at(i);
    if (!(profile instanceof SpeedscopeColumns)) throw wrongType(input, path, 'an object', profile);
    return { path, profile, unit: readUnit(input, path, profile.file, own) };
  });
  const active = typeof file.activeProfileIndex === 'number' ? profiles[file.activeProfileIndex] : undefined;
  const types = distinctTypes(
    profiles.map(({ unit }) => unit),
    (active ?? profiles[0]!).unit,
  );
  if (types.length > 1) notes.add(`profiles of different units: ${types.map(({ unit }) => unit).join(', ')}`);

  const builder = new ProfileBuilder(types);
  const frames = words.map((frame) => builder.frame(frame));
  const builderStacks = stacks.resolve(input, frames, (caller, frame) => builder.stack(caller, frame));
  const idle = new Map<string, number>();
  for (const { path, profile, unit } of profiles) {
    const thread = readThread(input, path, profile.file);
    const column = types.findIndex((type) => type.type === unit.valueType.type && type.unit === unit.valueType.unit);
    const values = types.map(() => 0);
    const weights: SpeedscopeWeights = {
      sample(stack, weight, at) {
        values[column] = checked(input, path, scaled(weight, unit));
        const time = unit.valueType.unit === 'nanoseconds' ? checked(input, path, scaled(at, unit)) : undefined;
        builder.sample(stack, values, time, thread && builder.thread(thread));
      },
      idle(weight) {
        const key = unit.valueType.unit;
        idle.set(key, (idle.get(key) ?? 0) + checked(input, path, scaled(weight, unit)));
      },
    };
    readSpeedscopeProfile(input, path, profile, frames, builderStacks, builder, weights);
  }
  const counters = Array.from(idle, ([unit, value]): Counter => ({ name: IDLE_COUNTER, unit, value, supported: true }));
  const tool = typeof file.exporter === 'string' ? { tool: file.exporter } : {};
  return builder.build({ ...tool, notes: notes.list }, { counters });
}

function checked(input: Input, path: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw new FormatError(input, path, 'its weights are too big for a number');
}

function readFrame(input: Input, path: () => string, value: unknown): FrameWords {
  const at = (key: string) => () => `${path()}.${key}`;
  const frame = jsonObject(input, path, value);
  const name = jsonString(input, at('name'), frame.name);
  const file = optional(frame.file) ? '' : jsonString(input, at('file'), frame.file);
  return {
    name,
    file,
    line: position(input, at('line'), frame.line),
    column: position(input, at('col'), frame.col),
    kind: guessedKind(name, file, ''),
  };
}

function optional(value: unknown): boolean {
  return value === undefined || value === null;
}

/** 1-based; 0 where the file says nothing, or what no line can be. */
function position(input: Input, path: () => string, value: unknown): number {
  if (optional(value)) return 0;
  const number = jsonNumber(input, path, value);
  return Number.isInteger(number) && number > 0 && number < 2 ** 31 ? number : 0;
}

function readUnit(input: Input, path: string, profile: JsonObject, own: JsonObject | undefined): WeightUnit {
  const name = jsonString(input, `${path}.unit`, profile.unit);
  const unit = speedscopeUnits.get(name);
  if (!unit) {
    throw new FormatError(
      input,
      `${path}.unit`,
      `'${name}' is not known`,
      `known are ${[...speedscopeUnits.keys()].join(', ')}`,
    );
  }
  if (own === undefined) return unit;
  const type = jsonString(input, '$.pforgeProf.type', own.type);
  const word = jsonString(input, '$.pforgeProf.unit', own.unit);
  return { ...unit, valueType: { type, unit: name === 'none' ? word : unit.valueType.unit } };
}

/** Our own files say which thread it is; in others the profile's name does. */
function readThread(input: Input, path: string, profile: JsonObject): Thread | undefined {
  const { pforgeProf: own, name } = profile;
  if (own === null) return undefined;
  if (own === undefined) {
    return { pid: -1, tid: -1, process: '', name: optional(name) ? '' : jsonString(input, `${path}.name`, name) };
  }
  const thread = jsonObject(input, `${path}.pforgeProf`, own);
  return {
    pid: jsonNumber(input, `${path}.pforgeProf.pid`, thread.pid),
    tid: jsonNumber(input, `${path}.pforgeProf.tid`, thread.tid),
    process: jsonString(input, `${path}.pforgeProf.process`, thread.process),
    name: jsonString(input, `${path}.pforgeProf.thread`, thread.thread),
  };
}
