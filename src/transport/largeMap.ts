/** A power of two: a part of a map of 400,000 keys has some 6,000 of them. */
const PARTS = 64;
/** Characters of a key that choose its part, evenly spread over the key: more would cost more than they are worth. */
const TELLING = 8;

/**
 * Values by key, for hundreds of thousands of keys. A `Map` makes room by moving all that it has at once, which takes
 * tens of milliseconds at 260,000 keys; here only a part of the keys moves at a time.
 */
export class LargeMap<V> {
  readonly #parts: Map<string, V>[] = [];

  get(key: string): V | undefined {
    return this.#partOf(key).get(key);
  }

  has(key: string): boolean {
    return this.#partOf(key).has(key);
  }

  set(key: string, value: V): void {
    this.#partOf(key).set(key, value);
  }

  #partOf(key: string): Map<string, V> {
    let hash = 0;
    const step = Math.max(1, Math.floor(key.length / TELLING));
    for (let index = 0; index < key.length; index += step) {
      hash = (Math.imul(hash, 31) + key.charCodeAt(index)) | 0;
    }
    // The last bits alone would be those of the last character.
    const part = (hash ^ (hash >>> 12)) & (PARTS - 1);
    return (this.#parts[part] ??= new Map<string, V>());
  }
}
