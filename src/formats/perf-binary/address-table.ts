/** Numbers by address: open addressing over typed arrays, since a recording asks a million times. */
export class AddressTable {
  private keys = new Float64Array(256);
  /** Value + 1; 0 = free. */
  private values = new Int32Array(256);
  private count = 0;

  /** @returns -1 where the address has none */
  get(address: number): number {
    const { keys, values } = this;
    const mask = values.length - 1;
    for (let slot = hash(address) & mask; values[slot] !== 0; slot = (slot + 1) & mask) {
      if (keys[slot] === address) return values[slot]! - 1;
    }
    return -1;
  }

  /** @param address that has no value yet @param value 0 or more */
  set(address: number, value: number): void {
    if (++this.count * 2 > this.values.length) this.grow();
    this.put(address, value + 1);
  }

  private put(address: number, stored: number): void {
    const { keys, values } = this;
    const mask = values.length - 1;
    let slot = hash(address) & mask;
    while (values[slot] !== 0) slot = (slot + 1) & mask;
    keys[slot] = address;
    values[slot] = stored;
  }

  private grow(): void {
    const { keys, values } = this;
    this.keys = new Float64Array(keys.length * 2);
    this.values = new Int32Array(values.length * 2);
    for (let i = 0; i < values.length; i++) if (values[i] !== 0) this.put(keys[i]!, values[i]!);
  }
}

/** Of the lower 32 bits and what is above them (MurmurHash3's last step). */
function hash(address: number): number {
  let h = (address >>> 0) ^ Math.imul((address / 4294967296) | 0, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
