import type { Rule } from './rule.ts';

const FIRST_SIZE = 2048;
const EMPTY = -1;

/** Remembers the rule of each address asked for; a table over numbers, as a Map would make an object of each address. */
export class RuleCache {
  #addresses = new Float64Array(FIRST_SIZE).fill(EMPTY);
  #slots = new Int32Array(FIRST_SIZE);
  readonly #rules: (Rule | undefined)[] = [];

  /** @param make called once for each address (>= 0) */
  get(address: number, make: (address: number) => Rule | undefined): Rule | undefined {
    let at = this.#placeOf(address);
    if (this.#addresses[at] === address) return this.#rules[this.#slots[at]!];
    const rule = make(address);
    if (this.#rules.length * 2 >= this.#addresses.length) {
      this.#grow();
      at = this.#placeOf(address);
    }
    this.#addresses[at] = address;
    this.#slots[at] = this.#rules.length;
    this.#rules.push(rule);
    return rule;
  }

  /** Where an address is, or the empty place for it. */
  #placeOf(address: number): number {
    const mask = this.#addresses.length - 1;
    let at = (Math.imul(address, 0x9e3779b1) >>> 8) & mask;
    while (this.#addresses[at] !== address && this.#addresses[at] !== EMPTY) at = (at + 1) & mask;
    return at;
  }

  #grow(): void {
    const addresses = this.#addresses;
    const slots = this.#slots;
    this.#addresses = new Float64Array(addresses.length * 2).fill(EMPTY);
    this.#slots = new Int32Array(addresses.length * 2);
    for (let old = 0; old < addresses.length; old++) {
      if (addresses[old] === EMPTY) continue;
      const at = this.#placeOf(addresses[old]!);
      this.#addresses[at] = addresses[old]!;
      this.#slots[at] = slots[old]!;
    }
  }
}
