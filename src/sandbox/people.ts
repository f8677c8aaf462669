import type { Random } from './random.ts';

const FIRST: readonly [string, ...string[]] = [
  'Dana', 'Omar', 'Lee', 'Kim', 'Ana', 'Jonas', 'Priya', 'Mateo', 'Ines', 'Tom', 'Yuki', 'Sara', 'Noah', 'Elif',
  'Ravi', 'Clara', 'Hugo', 'Mina', 'Otto', 'Zoe', 'Liam', 'Nora', 'Adil', 'Eva',
]; // prettier-ignore
const LAST: readonly [string, ...string[]] = [
  'Berg', 'Costa', 'Duarte', 'Ekman', 'Fischer', 'Garcia', 'Hansen', 'Ito', 'Jensen', 'Kaya', 'Lopez', 'Meyer',
  'Novak', 'Okafor', 'Petrov', 'Quinn', 'Rossi', 'Singh', 'Tanaka', 'Ueda', 'Vogel', 'Weber', 'Young', 'Ziegler',
]; // prettier-ignore
const OFFERS: readonly [string, ...string[]] = [
  'Q4 launch', 'Re-engage churned', 'Webinar follow-up', 'Founders intro', 'Agency partners', 'Free audit',
  'Case study: logistics', 'Renewal nudge', 'Event invites', 'Insurance brokers', 'Series A fintech', 'Winter offer',
]; // prettier-ignore
const REGIONS: readonly [string, ...string[]] = ['EU', 'US East', 'US West', 'UK', 'DACH', 'Nordics', 'APAC', 'LATAM'];

export interface Person {
  readonly first: string;
  readonly last: string;
  readonly email: string;
}

/** Person number `index`, with an address that no other index has. About ten share a domain of the given stem. */
export function person(random: Random, stem: string, index: number): Person {
  const first = random.pick(FIRST);
  const last = random.pick(LAST);
  const prefixes = ['try', 'get', 'go', 'use', 'with', 'meet', 'join', 'hello'];
  const group = Math.floor(index / 10);
  const number = Math.floor(group / prefixes.length);
  const domain = `${prefixes[group % prefixes.length] ?? 'try'}-${stem}${number === 0 ? '' : number}.test`;
  const suffix = index % 10 === 0 ? '' : String(index % 10);
  return { first, last, email: `${first}${suffix}@${domain}`.toLowerCase() };
}

export function campaignName(random: Random, index: number): string {
  const offer = OFFERS[index % OFFERS.length] ?? OFFERS[0];
  return index < OFFERS.length ? `${offer}, ${random.pick(REGIONS)}` : `${offer}, ${random.pick(REGIONS)} ${index}`;
}

/** One email of a sequence, with template variables and spintax as real copy has them. */
export function emailBody(random: Random, step: number): string {
  const opening = '{{RANDOM | Hi | Hello | Hey}} {{firstName}},';
  const lines = [
    'I saw that {{companyName}} is hiring in operations, so I thought this may be timely.',
    'We help teams like yours send fewer and better emails, without another tool to learn.',
    'Would a short call next week be worth fifteen minutes? If not, a one-line no is fine too.',
  ];
  return `<div>${opening}</div><div><br></div>${lines
    .slice(0, step === 0 ? 3 : random.between(1, 2))
    .map((line) => `<div>${line}</div>`)
    .join('<div><br></div>')}<div><br></div><div>{{sendingAccountFirstName}}</div>`;
}
