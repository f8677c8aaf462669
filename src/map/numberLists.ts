/** Where a row has no list. */
const NONE = 0;
/** Numbers that the block has room for at first. */
const ROOM = 1024;

/**
 * Short lists of numbers by row, all in one block of memory: hundreds of thousands of arrays would each be an object
 * that the collector visits. Each list stands in the block behind its length.
 */
export class NumberLists {
  /** Where the list of each row begins, by its length; {@link NONE} where it has none. */
  #starts = new Uint32Array(ROOM);
  #block = new Uint32Array(ROOM);
  /** Where the next list goes; the first place stays empty, because none begins there. */
  #end = 1;
  /** Whether somebody looks at where the lists begin now. */
  #lent = false;
  /** Numbers in the block that no row has any more. */
  #unused = 0;

  has(row: number): boolean {
    return this.#start(row) !== NONE;
  }

  /** The list of a row, in an array of its own; undefined where it has none. */
  at(row: number): number[] | undefined {
    const start = this.#start(row);
    if (start === NONE) {
      return undefined;
    }
    const list: number[] = [];
    const end = this.#endOf(start);
    for (let place = start + 1; place < end; place += 1) {
      list.push(this.#block[place] ?? 0);
    }
    return list;
  }

  includes(row: number, number: number): boolean {
    const start = this.#start(row);
    const end = start === NONE ? NONE : this.#endOf(start);
    for (let place = start + 1; place < end; place += 1) {
      if (this.#block[place] === number) {
        return true;
      }
    }
    return false;
  }

  /** Gives a row another list, or none. */
  set(row: number, list: readonly number[] | undefined): void {
    const before = this.#start(row);
    if (this.#says(before, list)) {
      return;
    }
    this.#ownStarts(row + 1);
    const room = before === NONE ? 0 : this.#endOf(before) - before;
    // What stands in the block is never written over: somebody may look at it.
    this.#unused += room;
    this.#starts[row] = NONE;
    if (list !== undefined) {
      const start = this.#place(list.length + 1);
      this.#block[start] = list.length;
      this.#block.set(list, start + 1);
      this.#starts[row] = start;
    }
  }

  /** The lists as they are now, whatever becomes of these; nobody may change them. It costs nothing until they change. */
  lend(): Pick<NumberLists, 'at'> {
    const lent = new NumberLists();
    [lent.#starts, lent.#block] = [this.#starts, this.#block];
    this.#lent = true;
    return lent;
  }

  /** Where each row begins, to be changed, with room for so many rows. */
  #ownStarts(rows: number): void {
    if (this.#lent || rows > this.#starts.length) {
      this.#starts = rows > this.#starts.length ? grown(this.#starts, rows) : this.#starts.slice();
      this.#lent = false;
    }
  }

  #says(start: number, list: readonly number[] | undefined): boolean {
    if (start === NONE || list === undefined) {
      return start === NONE && list === undefined;
    }
    return (
      list.length === this.#block[start] && list.every((number, place) => this.#block[start + 1 + place] === number)
    );
  }

  /** The rows that have a list. */
  *rows(): Generator<number> {
    for (let row = 0; row < this.#starts.length; row += 1) {
      if (this.has(row)) {
        yield row;
      }
    }
  }

  #start(row: number): number {
    return this.#starts[row] ?? NONE;
  }

  #endOf(start: number): number {
    return start + 1 + (this.#block[start] ?? 0);
  }

  /** Where so many numbers have room. */
  #place(needed: number): number {
    if (this.#end + needed > this.#block.length) {
      this.#makeRoom(needed);
    }
    const start = this.#end;
    this.#end += needed;
    return start;
  }

  /** Closes the gaps where they are half of the block, or takes a larger one. */
  #makeRoom(needed: number): void {
    if (this.#unused < this.#end / 2) {
      this.#block = grown(this.#block, this.#end + needed);
      return;
    }
    const block = new Uint32Array(Math.max(ROOM, this.#end - this.#unused + needed));
    this.#ownStarts(0);
    let end = 1;
    for (const row of this.rows()) {
      const start = this.#start(row);
      const list = this.#block.subarray(start, this.#endOf(start));
      block.set(list, end);
      this.#starts[row] = end;
      end += list.length;
    }
    [this.#block, this.#end, this.#unused] = [block, end, 0];
  }
}

/** A copy with room for so many numbers, and for half as many more as there were. */
function grown(numbers: Uint32Array, least: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.max(least, Math.ceil(numbers.length * 1.5)));
  larger.set(numbers);
  return larger;
}
