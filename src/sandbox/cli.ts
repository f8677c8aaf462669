import { parseArgs } from 'node:util';
import { defaultKeys, defaults } from './options.ts';
import { startSandbox } from './server.ts';

const HELP = `Simulates Instantly and Smartlead over real HTTP on 127.0.0.1. None of the data is real.

  npm run sandbox -- [options]

  --port N                   port to listen on (default: any free one)
  --seed N                   another seed makes another workspace (default ${defaults.seed})
  --instantly-accounts N     (default ${defaults.instantly.accounts})
  --instantly-campaigns N    (default ${defaults.instantly.campaigns})
  --instantly-tags N         (default ${defaults.instantly.tags})
  --instantly-senders N      accounts that each campaign lists (default: a few hundred at most)
  --smartlead-accounts N     (default ${defaults.smartlead.accounts})
  --smartlead-campaigns N    (default ${defaults.smartlead.campaigns})
  --smartlead-senders N      accounts that each campaign sends from (default: a few hundred at most)
  --fetch-campaigns MODE     what Smartlead does with the parameter: answered, ignored or refused
  --skip MODE                what Instantly does with skip and sort_by: supported, supportedWithoutCursor, ignored or refused
  --unrest MODE              what Smartlead's list of accounts does before each page: none, inserts, deletes or moves
  --latency MS               milliseconds that every answer takes longer (default 0)
  --limit N/S                N requests in S seconds for one key; the rest get 429
  --scopes A,B               scopes of the Instantly key, such as accounts:read,campaigns:update (default: all)
  --no-limit-headers         a rate limit that does not announce itself
  --no-oddities              no unknown fields and codes
  --plants                   everything is in order but for a case of each finding, and what nearly is one;
                             the JSON line says which
  --help

Prints one JSON line with the base URLs and the keys, then serves until it is stopped. POST /sandbox/day moves both
services on by a day: accounts break and recover, scores fall, accounts join and leave campaigns, and a campaign is
paused. It answers with what changed. POST /sandbox/clock with {"milliseconds": 240000} moves the clock on. GET
/sandbox/writes says which writes came. POST /sandbox/faults with {"kind": "cutAfter", "after": 2, "times": 1} lets two
writes go well and then one wrong; the kinds are cutBefore, cutAfter, rateLimited, errorInBody, refused, late and
ignored. DELETE /sandbox/faults lets all go well again.
`;

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    seed: { type: 'string' },
    'instantly-accounts': { type: 'string' },
    'instantly-campaigns': { type: 'string' },
    'instantly-tags': { type: 'string' },
    'instantly-senders': { type: 'string' },
    'smartlead-accounts': { type: 'string' },
    'smartlead-campaigns': { type: 'string' },
    'smartlead-senders': { type: 'string' },
    'fetch-campaigns': { type: 'string' },
    skip: { type: 'string' },
    unrest: { type: 'string' },
    latency: { type: 'string' },
    limit: { type: 'string' },
    scopes: { type: 'string' },
    'no-limit-headers': { type: 'boolean' },
    'no-oddities': { type: 'boolean' },
    plants: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});

if (values.help) {
  process.stdout.write(HELP);
} else {
  try {
    await serve();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

async function serve(): Promise<void> {
  const sandbox = await startSandbox({
    port: whole('port', 0),
    seed: whole('seed', defaults.seed),
    latency: whole('latency', 0),
    oddities: values['no-oddities'] !== true,
    plants: values.plants === true,
    limit: limit(),
    keys: defaults.keys.map((key) =>
      key.service === 'instantly' ? { ...key, scopes: values.scopes?.split(',') } : key,
    ),
    instantly: {
      accounts: whole('instantly-accounts', defaults.instantly.accounts),
      campaigns: whole('instantly-campaigns', defaults.instantly.campaigns),
      tags: whole('instantly-tags', defaults.instantly.tags),
      senders: values['instantly-senders'] === undefined ? undefined : whole('instantly-senders', 0),
      skip: oneOf('skip', ['supported', 'supportedWithoutCursor', 'ignored', 'refused'], defaults.instantly.skip),
    },
    smartlead: {
      accounts: whole('smartlead-accounts', defaults.smartlead.accounts),
      campaigns: whole('smartlead-campaigns', defaults.smartlead.campaigns),
      senders: values['smartlead-senders'] === undefined ? undefined : whole('smartlead-senders', 0),
      fetchCampaigns: oneOf('fetch-campaigns', ['answered', 'ignored', 'refused'], defaults.smartlead.fetchCampaigns),
      unrest: oneOf('unrest', ['none', 'inserts', 'deletes', 'moves'], defaults.smartlead.unrest),
    },
  });
  const planted = { instantly: sandbox.instantly.planted, smartlead: sandbox.smartlead.planted };
  process.stdout.write(
    `${JSON.stringify({ ...sandbox.baseUrls, keys: defaultKeys, ...(values.plants === true ? { planted } : {}) })}\n`,
  );
}

function whole(
  name: Exclude<keyof typeof values, 'help' | 'no-oddities' | 'no-limit-headers' | 'plants'>,
  otherwise: number,
): number {
  const value = values[name];
  if (value === undefined) {
    return otherwise;
  }
  if (!/^\d+$/.test(value)) {
    throw new Error(`--${name} takes a whole number, not "${value}"`);
  }
  return Number(value);
}

function oneOf<T extends string>(name: keyof typeof values, modes: readonly T[], otherwise: T): T {
  const value = values[name] ?? otherwise;
  const mode = modes.find((one) => one === value);
  if (mode === undefined) {
    throw new Error(`--${name} takes one of ${modes.join(', ')}, not "${String(value)}"`);
  }
  return mode;
}

function limit() {
  if (values.limit === undefined) {
    return undefined;
  }
  const match = /^(\d+)\/(\d+)$/.exec(values.limit);
  if (match === null) {
    throw new Error(`--limit takes requests/seconds such as 100/1, not "${values.limit}"`);
  }
  return { requests: Number(match[1]), seconds: Number(match[2]), headers: values['no-limit-headers'] !== true };
}
