import { UserError } from '../../errors.ts';

/** A parameter and the values that it takes, as `-P` and `-L` give them. */
export interface Parameter {
  readonly name: string;
  readonly values: readonly string[];
}

/** More combinations than this are a mistake in the range. */
const MOST_VALUES = 10_000;

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/**
 * The values from `from` to `to`, ends included, in steps: decimals are added exactly, so that 0.3 to 0.7 by 0.2 is
 * 0.3, 0.5, 0.7.
 * @throws {UserError} no numbers, a step that leads nowhere, too many values
 */
export function scanValues(name: string, from: string, to: string, step = '1'): readonly string[] {
  const places = Math.max(...[from, to, step].map((text) => (DECIMAL.exec(text.trim())?.[3] ?? '').length));
  const first = scaled(name, from.trim(), places);
  const last = scaled(name, to.trim(), places);
  const delta = scaled(name, step.trim(), places);
  if (delta === 0n) throw new UserError(`the step of parameter ${name} is zero`, { hint: 'give -D another step' });
  if (delta > 0n !== last >= first && first !== last) {
    throw new UserError(`parameter ${name} never gets from ${from} to ${to} in steps of ${step}`, {
      hint: 'give the smaller number first, or -D a step below zero',
    });
  }
  const count = (last - first) / delta + 1n;
  if (count > BigInt(MOST_VALUES)) {
    throw new UserError(`parameter ${name} has ${count} values`, {
      hint: `at most ${MOST_VALUES}: give -D a wider step`,
    });
  }
  return Array.from({ length: Number(count) }, (_, i) => decimalText(first + BigInt(i) * delta, places));
}

function scaled(name: string, text: string, places: number): bigint {
  const [, sign, digits, fraction = ''] = DECIMAL.exec(text) ?? [];
  if (digits === undefined) {
    throw new UserError(`parameter ${name}: ${JSON.stringify(text)} is no decimal number`, {
      hint: '-P NAME FROM TO; other values go to -L NAME a,b,c',
    });
  }
  const value = BigInt(digits + fraction.padEnd(places, '0'));
  return sign === '-' ? -value : value;
}

function decimalText(value: bigint, places: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, '0');
  const sign = value < 0n ? '-' : '';
  return places === 0 ? sign + digits : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** The values of a list `a,b,c`; `\,` is a comma within one. */
export function listValues(text: string): readonly string[] {
  const values: string[] = [];
  let value = '';
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\' && text[at + 1] === ',') value += text[++at];
    else if (text[at] === ',') {
      values.push(value);
      value = '';
    } else value += text[at];
  }
  return [...values, value];
}

/**
 * All combinations of the values of all parameters, the last parameter the fastest; one empty combination of none.
 * @throws {UserError} two parameters of one name, too many combinations
 */
export function combinations(parameters: readonly Parameter[]): readonly ReadonlyMap<string, string>[] {
  const names = parameters.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    throw new UserError(`parameter ${twice} is given twice`, { hint: 'give all its values once' });
  let all: ReadonlyMap<string, string>[] = [new Map()];
  for (const { name, values } of parameters) {
    if (all.length * values.length > MOST_VALUES) {
      throw new UserError(`the parameters have more than ${MOST_VALUES} combinations`, { hint: 'give fewer values' });
    }
    all = all.flatMap((before) => values.map((value) => new Map([...before, [name, value]])));
  }
  return all;
}

/** Puts values in for `{name}`; what names no parameter stays. A value is never looked through again. */
export function substitute(text: string, values: ReadonlyMap<string, string>): string {
  if (values.size === 0) return text;
  return text.replace(/\{([^{}]+)\}/g, (whole, name: string) => values.get(name) ?? whole);
}
