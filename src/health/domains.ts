import { publicDomains } from './publicDomains.ts';
import { accountBits } from './ruleBits.ts';
import type { RuleId } from './rules/index.ts';

/** Failures that a domain may have as a whole, so that its mailboxes are one finding. */
export const domainFailures: readonly RuleId[] = [
  'disconnected',
  'reconnect-failed',
  'suspended',
  'sending-error',
  'soft-bounce',
  'warmup-banned',
  'warmup-suspended',
  'warmup-blocked',
  'warmup-spam-unknown',
  'tracking-domain',
];

const BITS = domainFailures.map((id) => accountBits.of(id));
const FAILURES = accountBits.where(({ id }) => domainFailures.includes(id));

interface Domain {
  readonly name: string;
  mailboxes: number;
  /** Mailboxes with each of the {@link domainFailures}. */
  readonly failed: number[];
}

/** How many mailboxes each domain has, and how many of them fail in the same way. */
export class Domains {
  readonly #domains = new Map<string, Domain>();
  /** The domain of each account, by the number of the account. */
  readonly #domainOf: (Domain | undefined)[] = [];

  /**
   * Notes the domain of an account and the rules that fire for it, and fired before; no domain: there is no such account
   * any more.
   *
   * @returns whether other numbers stand at a domain that fails
   */
  put(number: number, domain: string | undefined, fired: number, firedBefore: number): boolean {
    const failures = fired & FAILURES;
    const before = this.#domainOf[number];
    const failuresBefore = firedBefore & FAILURES;
    if (before?.name === domain && failures === failuresBefore) {
      return false;
    }
    if (before !== undefined) {
      this.#add(before, -1, failuresBefore);
    }
    this.#domainOf[number] = domain === undefined ? undefined : this.#add(this.#named(domain), 1, failures);
    const fails = (touched: Domain | undefined) => touched?.failed.some((count) => count > 0) === true;
    return failuresBefore > 0 || fails(before) || fails(this.#domainOf[number]);
  }

  totalOf(domain: string): number {
    return this.#domains.get(domain)?.mailboxes ?? 0;
  }

  /**
   * Whether so many mailboxes of a domain, and at least half of them all, fail in the same way; never one where anyone
   * gets a mailbox.
   */
  isBurnt(domain: string, rule: RuleId, least: number): boolean {
    const known = this.#domains.get(domain);
    const failure = domainFailures.indexOf(rule);
    return known !== undefined && failure >= 0 && isBurnt(known, failure, least);
  }

  /** How many domains are burnt by a failure, and how many of their mailboxes have it. */
  burnt(rule: RuleId, least: number): { readonly domains: number; readonly mailboxes: number } {
    const failure = domainFailures.indexOf(rule);
    let [domains, mailboxes] = [0, 0];
    // Not by an iterator, which makes an object for each of tens of thousands of domains, at each change.
    this.#domains.forEach((domain) => {
      if (isBurnt(domain, failure, least)) {
        domains += 1;
        mailboxes += domain.failed[failure] ?? 0;
      }
    });
    return { domains, mailboxes };
  }

  #named(name: string): Domain {
    let domain = this.#domains.get(name);
    if (domain === undefined) {
      domain = { name, mailboxes: 0, failed: domainFailures.map(() => 0) };
      this.#domains.set(name, domain);
    }
    return domain;
  }

  #add(domain: Domain, count: number, failures: number): Domain {
    domain.mailboxes += count;
    for (let failure = 0; failure < domainFailures.length; failure += 1) {
      if ((failures & (BITS[failure] ?? 0)) !== 0) {
        domain.failed[failure] = (domain.failed[failure] ?? 0) + count;
      }
    }
    if (domain.mailboxes === 0) {
      this.#domains.delete(domain.name);
    }
    return domain;
  }
}

function isBurnt({ name, mailboxes, failed }: Domain, failure: number, least: number): boolean {
  const failing = failed[failure] ?? 0;
  return failing >= least && failing * 2 >= mailboxes && !publicDomains.has(name);
}
