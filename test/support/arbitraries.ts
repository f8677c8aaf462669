import fc from 'fast-check';
import { domainOf, states, type Account, type Campaign } from '../../src/providers/model.ts';
import type { ProviderInfo } from '../../src/providers/provider.ts';
import { propertiesOf } from './properties.ts';

/** Texts that break what trusts them: links, icons, formulas, tags, braces, half characters, and much of each. */
export const hostileText = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  {
    weight: 3,
    arbitrary: fc
      .array(
        fc.constantFrom(
          '[x](command:y)', '$(flame)', '=1+1', ';', '\t', '"', "'", '{{', '}}', '{', '|', '<p>', '</p', '<!--', '&amp',
          '\\', '\\]', '\u202E', '\u2066', '\0', '\uD83D', '\uDE00', '550 5.1.1', '100%', '@', '://a:b@', 'api_key=',
          '{"password":"x"}', 'Infinity', '\r\n', '../', 'ß', 'İ', '１',
        ), // prettier-ignore
        { maxLength: 12 },
      )
      .map((parts) => parts.join('')),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('<', '{', ' ', '0', 'a', '(', '&', '\\', '"', '1.'), fc.integer({ min: 1, max: 3000 }))
      .map(([part, count]) => part.repeat(count)),
  },
);

/** Numbers beyond what anything has a unit, a date or an index for. */
export const hostileNumber = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -0, -1, 1e30, -1e30, 8.64e15, 8.64e15 + 1, 2 ** 31, 2 ** 53, Number.MAX_VALUE, 5e-324),
);

const scalar = fc.oneof(hostileText, hostileNumber, fc.boolean(), fc.constant(null));

/** Any value of JSON, some levels deep. */
export const hostileValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(hostileText, fc.constantFrom('id', 'label', 'name', 'status', '__proto__')), tie('value'), {
      maxKeys: 4,
    }),
  ),
})).value;

/** Records with the properties that a service's documents of this kind have, each with any value, or absent. */
export function hostileRecord(info: ProviderInfo, kind: 'account' | 'campaign'): fc.Arbitrary<Record<string, unknown>> {
  const names = new Set(Object.keys(propertiesOf[info.id](kind)).map((path) => path.split('.')[0] ?? path));
  return fc.record(Object.fromEntries([...names].map((name) => [name, hostileValue])), { requiredKeys: [] });
}

const state = fc.constantFrom(...states);
const tag = fc.record({ id: hostileText, label: hostileText });

/** Accounts as a decoder could make them of anything. */
export const hostileAccount: fc.Arbitrary<Account> = fc
  .record(
    {
      key: hostileText,
      email: hostileText,
      name: hostileText,
      status: fc.oneof(hostileText, hostileNumber),
      statusWords: hostileText,
      state,
      reason: hostileText,
      others: fc.array(hostileText, { maxLength: 3 }),
      providerType: hostileText,
      warmupWords: hostileText,
      warmupScore: hostileNumber,
      dailyLimit: hostileNumber,
      unlimited: fc.constant(true as const),
      sentToday: hostileNumber,
      sendingGap: hostileNumber,
      warmupLimit: hostileNumber,
      trackingDomain: hostileText,
      trackingStatus: hostileText,
      tags: fc.array(tag, { maxLength: 3 }),
      clientId: hostileText,
      campaignIds: fc.array(hostileText, { maxLength: 3 }),
      setupPending: fc.boolean(),
      createdAt: fc.nat(),
      updatedAt: fc.nat(),
      warmupStartedAt: fc.nat(),
    },
    { requiredKeys: ['key', 'email', 'statusWords', 'state', 'tags'] },
  )
  .map((account) => ({ ...account, domain: domainOf(account.email) }));

/** Campaigns as a decoder could make them of anything. */
export const hostileCampaign: fc.Arbitrary<Campaign> = fc.record(
  {
    id: hostileText,
    name: hostileText,
    status: fc.oneof(hostileText, hostileNumber),
    statusWords: hostileText,
    state,
    reason: hostileText,
    others: fc.array(hostileText, { maxLength: 3 }),
    dailyLimit: hostileNumber,
    notSending: hostileText,
    schedule: fc.record({
      days: fc.array(hostileNumber, { maxLength: 8 }),
      from: hostileText,
      to: hostileText,
      timezone: hostileText,
    }),
    tags: fc.array(tag, { maxLength: 3 }),
    newLeadsPerDay: hostileNumber,
    parentId: hostileText,
    clientId: hostileText,
    listedSenders: fc.array(hostileText, { maxLength: 3 }),
    senderTagIds: fc.array(hostileText, { maxLength: 3 }),
    createdAt: fc.nat(),
    updatedAt: fc.nat(),
  },
  { requiredKeys: ['id', 'name', 'statusWords', 'state', 'tags'] },
);
