import type { Steps } from '../transport/turns.ts';

/**
 * Supplies that feed demands, each through any number of links; a link carries as much as comes. Who is who is their
 * place in the arrays.
 */
export interface Network {
  /** How much each supply has: whole numbers, whose sum is below 2 ** 53. */
  readonly supplies: Float64Array;
  /** How many demands there are. */
  readonly demands: number;
  /** Where the links of each supply start in `links`; one more than there are supplies. */
  readonly starts: Uint32Array;
  /** The demand at the other end of each link; a supply has at most one link to each. */
  readonly links: Uint32Array;
}

/** Supplies and demands that no link leads out of, as far as there is still something to decide. */
export interface Part {
  readonly supplies: Uint32Array;
  readonly demands: Uint32Array;
}

/** The links of a network as demands see them. */
interface BackLinks {
  /** Where the links of each demand start in the next two. */
  readonly demandStarts: Uint32Array;
  readonly demandLinks: Uint32Array;
  readonly demandSuppliers: Uint32Array;
  /** The supply of each link. */
  readonly suppliers: Uint32Array;
}

/** Links looked at between two yields: about a tenth of a millisecond. */
const STEP = 20_000;
/** How often {@link MaxFlow.balance} goes over all supplies at most. */
const ROUNDS = 15;
/** In place of a level: no way leads there, or it is no member of the part that is looked at. */
const NOT_MET = 0xffffffff;
const OUTSIDE = 0xfffffffe;

/**
 * The most that supplies can give to demands that take no more than their caps: Dinic's algorithm, which starts at the
 * demands, because there are hundreds of them and hundreds of thousands of supplies. All numbers are whole, and exact.
 * What it found is kept, so that with other caps it goes on from there.
 */
export class MaxFlow {
  /** The most that each demand is to get; to be set by the caller. What is above is given to others by {@link fill}. */
  readonly caps: Float64Array;
  /** What each demand gets. */
  readonly into: Float64Array;
  readonly #network: Network;
  readonly #flows: Float64Array;
  /** What is left of each supply. */
  readonly #spare: Float64Array;
  readonly #demandStarts: Uint32Array;
  readonly #demandLinks: Uint32Array;
  readonly #demandSuppliers: Uint32Array;
  readonly #suppliers: Uint32Array;
  /** What the links of one supply carried. */
  readonly #before: Float64Array;
  /** How far each supply and each demand is from a demand that could take more, in links. */
  readonly #supplyLevels: Uint32Array;
  readonly #demandLevels: Uint32Array;
  /** Which of its links each tries next on the way to something to spare. */
  readonly #supplyTurns: Uint32Array;
  readonly #demandTurns: Uint32Array;

  private constructor(network: Network, { demandStarts, demandLinks, demandSuppliers, suppliers }: BackLinks) {
    const { supplies, demands } = network;
    this.#network = network;
    this.caps = new Float64Array(demands);
    this.into = new Float64Array(demands);
    this.#flows = new Float64Array(network.links.length);
    this.#spare = supplies.slice();
    this.#before = new Float64Array(demands);
    this.#demandStarts = demandStarts;
    this.#demandLinks = demandLinks;
    this.#demandSuppliers = demandSuppliers;
    this.#suppliers = suppliers;
    this.#supplyLevels = new Uint32Array(supplies.length).fill(OUTSIDE);
    this.#demandLevels = new Uint32Array(demands);
    this.#supplyTurns = new Uint32Array(supplies.length);
    this.#demandTurns = new Uint32Array(demands);
  }

  /** With nothing given yet, and caps of 0. */
  static *of(network: Network): Steps<MaxFlow> {
    const { supplies, demands, starts, links } = network;
    const demandStarts = new Uint32Array(demands + 1);
    for (const demand of links) {
      demandStarts[demand + 1] = at(demandStarts, demand + 1) + 1;
    }
    yield;
    for (let demand = 0; demand < demands; demand += 1) {
      demandStarts[demand + 1] = at(demandStarts, demand + 1) + at(demandStarts, demand);
    }
    const next = demandStarts.slice();
    const demandLinks = new Uint32Array(links.length);
    const demandSuppliers = new Uint32Array(links.length);
    const suppliers = new Uint32Array(links.length);
    let work = 0;
    for (let supply = 0; supply < supplies.length; supply += 1) {
      const end = at(starts, supply + 1);
      for (let link = at(starts, supply); link < end; link += 1) {
        const demand = at(links, link);
        const place = at(next, demand);
        next[demand] = place + 1;
        demandLinks[place] = link;
        demandSuppliers[place] = supply;
        suppliers[link] = supply;
      }
      work += end - at(starts, supply) + 1;
      if (work > STEP) {
        work = 0;
        yield;
      }
    }
    return new MaxFlow(network, { demandStarts, demandLinks, demandSuppliers, suppliers });
  }

  /** Everything, as one part. */
  whole(): Part {
    return {
      supplies: Uint32Array.from(this.#spare.keys()),
      demands: Uint32Array.from(this.caps.keys()),
    };
  }

  /** How much the supplies of a part have together. */
  supplyOf({ supplies }: Part): number {
    let sum = 0;
    for (const supply of supplies) {
      sum += amount(this.#network.supplies, supply);
    }
    return sum;
  }

  /** How much all demands get together. */
  total(): number {
    return this.into.reduce((sum, amountOfOne) => sum + amountOfOne, 0);
  }

  /** How much the supplies of each demand have together, also where they feed others. */
  *reachable(): Steps<Float64Array> {
    const sums = new Float64Array(this.#network.demands);
    let work = 0;
    for (const [link, demand] of this.#network.links.entries()) {
      sums[demand] = amount(sums, demand) + amount(this.#network.supplies, at(this.#suppliers, link));
      work += 1;
      if (work > STEP) {
        work = 0;
        yield;
      }
    }
    return sums;
  }

  /**
   * Lets each supply in turn give to those of its demands that have least, as long as that changes much. It comes near
   * to fair shares, and is not needed: {@link fill} has little left to move afterwards.
   */
  *balance(): Steps<void> {
    const { supplies, starts } = this.#network;
    let total = 0;
    for (const supply of supplies) {
      total += supply;
    }
    let [moved, work] = [Infinity, 0];
    for (let round = 0; round < ROUNDS && moved > total / 20_000; round += 1) {
      moved = 0;
      for (let supply = 0; supply < supplies.length; supply += 1) {
        moved += this.#level(supply);
        work += 8 * (at(starts, supply + 1) - at(starts, supply) + 1);
        if (work > STEP) {
          work = 0;
          yield;
        }
      }
    }
  }

  /** Gives out a supply so that those of its demands that have least get to one level; returns how much that moved. */
  #level(supply: number): number {
    const { supplies, starts, links } = this.#network;
    const [flows, into, caps] = [this.#flows, this.into, this.caps];
    const [start, end] = [at(starts, supply), at(starts, supply + 1)];
    const before = this.#before;
    for (let link = start; link < end; link += 1) {
      const demand = at(links, link);
      before[link - start] = amount(flows, link);
      into[demand] = amount(into, demand) - amount(flows, link);
      flows[link] = 0;
    }
    let left = amount(supplies, supply);
    while (left > 0) {
      let [level, rising] = [Infinity, true];
      while (rising) {
        let [sum, count] = [left, 0];
        for (let link = start; link < end; link += 1) {
          const has = amount(into, at(links, link));
          if (has < level && has < amount(caps, at(links, link))) {
            sum += has;
            count += 1;
          }
        }
        const next = sum / count;
        rising = count > 0 && next < level;
        level = rising ? next : level;
      }
      if (level === Infinity) {
        break;
      }
      // A rest that is less than 1 for each goes where there is room.
      level = Math.ceil(level);
      for (let link = start; link < end && left > 0; link += 1) {
        const demand = at(links, link);
        const more = Math.min(left, level - amount(into, demand), amount(caps, demand) - amount(into, demand));
        if (more > 0) {
          flows[link] = amount(flows, link) + more;
          into[demand] = amount(into, demand) + more;
          left -= more;
        }
      }
    }
    this.#spare[supply] = left;
    let moved = 0;
    for (let link = start; link < end; link += 1) {
      moved += Math.abs(amount(flows, link) - amount(before, link - start));
    }
    return moved;
  }

  /**
   * Brings as many demands of a part as possible to their caps, from what supplies have to spare and what other demands
   * have above their caps.
   *
   * @returns the demands that are below their caps still, and every demand that something could be moved from to them,
   *   with all the supplies of these, of which nothing is left: they have less together than their caps, however it is
   *   given out. And the others, which have their caps or more. Undefined where every demand has.
   */
  *fill(part: Part): Steps<{ readonly short: Part; readonly full: Part } | undefined> {
    while (yield* this.#measure(part)) {
      yield* this.#push(part);
    }
    const [short, full] = yield* separate(part.demands, this.#demandLevels);
    const [exhausted, others] = yield* separate(part.supplies, this.#supplyLevels);
    for (const supply of part.supplies) {
      this.#supplyLevels[supply] = OUTSIDE;
    }
    yield;
    return short.length === 0
      ? undefined
      : { short: { demands: short, supplies: exhausted }, full: { demands: full, supplies: others } };
  }

  /** Measures the ways from demands that are below their caps; false where none leads to anything to spare. */
  *#measure({ supplies, demands }: Part): Steps<boolean> {
    const { starts, links } = this.#network;
    const [supplyLevels, demandLevels] = [this.#supplyLevels, this.#demandLevels];
    for (const supply of supplies) {
      supplyLevels[supply] = NOT_MET;
      this.#supplyTurns[supply] = at(starts, supply);
    }
    yield;
    let front: number[] = [];
    let unmet = demands.length;
    for (const demand of demands) {
      const open = amount(this.into, demand) < amount(this.caps, demand);
      demandLevels[demand] = open ? 0 : NOT_MET;
      this.#demandTurns[demand] = at(this.#demandStarts, demand);
      if (open) {
        front.push(demand);
        unmet -= 1;
      }
    }
    let [found, work] = [false, 0];
    for (let level = 1; !found && front.length > 0; level += 2) {
      const next: number[] = [];
      for (const demand of front) {
        const end = at(this.#demandStarts, demand + 1);
        for (let place = at(this.#demandStarts, demand); place < end; place += 1) {
          const supply = at(this.#demandSuppliers, place);
          work += 1;
          if (supplyLevels[supply] === NOT_MET) {
            supplyLevels[supply] = level;
            found ||= amount(this.#spare, supply) > 0;
            const last = unmet > 0 ? at(starts, supply + 1) : 0;
            for (let link = at(starts, supply); link < last; link += 1) {
              const other = at(links, link);
              if (demandLevels[other] === NOT_MET && amount(this.#flows, link) > 0) {
                demandLevels[other] = level + 1;
                next.push(other);
                unmet -= 1;
                found ||= amount(this.into, other) > amount(this.caps, other);
              }
              work += 1;
            }
          }
          if (work > STEP) {
            work = 0;
            yield;
          }
        }
      }
      front = next;
    }
    return found;
  }

  /** Moves what is to spare along shortest ways until none of them is left. */
  *#push({ demands }: Part): Steps<void> {
    const { starts, links } = this.#network;
    const [flows, spare, suppliers] = [this.#flows, this.#spare, this.#suppliers];
    /** The links of a way: from a demand to a supply, from there to another demand, and so on. */
    const way: number[] = [];
    let work = 0;
    for (const first of demands) {
      if (this.#demandLevels[first] !== 0) {
        continue;
      }
      let demand = first;
      way.length = 0;
      while (amount(this.into, first) < amount(this.caps, first)) {
        work += 1;
        if (work > STEP) {
          work = 0;
          yield;
        }
        const place = at(this.#demandTurns, demand);
        if (place >= at(this.#demandStarts, demand + 1)) {
          // Nothing more comes this way: back to the supply before it, which tries its next demand.
          const [link, back] = [way.pop(), way.pop()];
          if (link === undefined || back === undefined) {
            break;
          }
          const supply = at(suppliers, link);
          this.#supplyTurns[supply] = at(this.#supplyTurns, supply) + 1;
          demand = at(links, back);
          continue;
        }
        const supply = at(this.#demandSuppliers, place);
        if (this.#supplyLevels[supply] !== at(this.#demandLevels, demand) + 1) {
          this.#demandTurns[demand] = place + 1;
          continue;
        }
        const link = at(this.#demandLinks, place);
        if (amount(spare, supply) > 0) {
          way.push(link);
          work += this.#move(first, way);
          demand = first;
          continue;
        }
        const end = at(starts, supply + 1);
        let turn = at(this.#supplyTurns, supply);
        while (
          turn < end &&
          (amount(flows, turn) === 0 || this.#demandLevels[at(links, turn)] !== at(this.#supplyLevels, supply) + 1)
        ) {
          turn += 1;
          work += 1;
        }
        this.#supplyTurns[supply] = turn;
        if (turn < end) {
          way.push(link, turn);
          demand = at(links, turn);
          if (amount(this.into, demand) > amount(this.caps, demand)) {
            work += this.#move(first, way);
            demand = first;
          }
        } else {
          this.#demandTurns[demand] = place + 1;
        }
      }
    }
  }

  /**
   * Gives a demand as much as a way allows: what its last supply has to spare or its last demand has above its cap,
   * moved through the demands between. Empties the way, and returns how long it was.
   */
  #move(first: number, way: number[]): number {
    const last = way.at(-1) ?? 0;
    const [supply, demand] = [at(this.#suppliers, last), at(this.#network.links, last)];
    const fromSupply = way.length % 2 === 1;
    let most = Math.min(
      amount(this.caps, first) - amount(this.into, first),
      fromSupply ? amount(this.#spare, supply) : amount(this.into, demand) - amount(this.caps, demand),
    );
    for (let place = 1; place < way.length; place += 2) {
      most = Math.min(most, amount(this.#flows, way[place] ?? 0));
    }
    for (const [place, link] of way.entries()) {
      this.#flows[link] = amount(this.#flows, link) + (place % 2 === 0 ? most : -most);
    }
    if (fromSupply) {
      this.#spare[supply] = amount(this.#spare, supply) - most;
    } else {
      this.into[demand] = amount(this.into, demand) - most;
    }
    this.into[first] = amount(this.into, first) + most;
    const { length } = way;
    way.length = 0;
    return 10 * length;
  }
}

/** Those that were met, and those that were not. */
function* separate(members: Uint32Array, levels: Uint32Array): Steps<readonly [Uint32Array, Uint32Array]> {
  const [met, others] = [new Uint32Array(members.length), new Uint32Array(members.length)];
  let count = 0;
  for (const [place, member] of members.entries()) {
    if (at(levels, member) === NOT_MET) {
      others[place - count] = member;
    } else {
      met[count] = member;
      count += 1;
    }
    if (place % STEP === 0) {
      yield;
    }
  }
  return [met.slice(0, count), others.slice(0, members.length - count)];
}

/** A place in an array, and an amount: two functions, because one that meets both kinds of arrays is slower. */
function at(places: Uint32Array, index: number): number {
  return places[index] ?? 0;
}

function amount(amounts: Float64Array, index: number): number {
  return amounts[index] ?? 0;
}
