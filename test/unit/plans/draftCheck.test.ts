import assert from 'node:assert/strict';
import { checkDraft, problemAt, refusedAt } from '../../../src/plans/draftCheck.ts';
import { providers } from '../../../src/providers/index.ts';
import type { Json } from '../../../src/providers/fields.ts';
import type { CampaignSchema } from '../../../src/providers/provider.ts';

const schedule = {
  name: 'A',
  timing: { from: '09:00', to: '17:30' },
  days: { '1': true },
  timezone: 'Europe/Belgrade',
};
const step = { type: 'email', delay: 2, variants: [{ subject: 'Hi', body: 'Hello' }] };

describe('the check of a draft', () => {
  let schema: CampaignSchema;
  before(async () => {
    schema = await providers.instantly.campaignSchema!();
  });

  /** What is wrong, with the text that it stands at. */
  function problemsOf(text: string, base: Json = {}): string[] {
    const checked = checkDraft(text, schema, base);
    return 'values' in checked
      ? []
      : checked.problems.map(({ message, offset, length }) => `${text.slice(offset, offset + length)} → ${message}`);
  }
  const ofValues = (values: Json, base?: Json) => problemsOf(JSON.stringify(values), base);

  it('takes what can be set', () => {
    assert.deepEqual(
      ofValues({
        name: 'New',
        daily_limit: null,
        email_list: ['a@example.com'],
        campaign_schedule: { start_date: '2026-12-01', schedules: [schedule] },
        sequences: [{ steps: [step] }],
      }),
      [],
    );
  });

  for (const [title, values, wrong] of [
    ['a property that cannot be set', { status: 1 }, /^"status":1 → "status" cannot be set/],
    ['no property at all', {}, /needs at least one property/],
    ['a schedule without schedules', { campaign_schedule: { schedules: [] } }, /^"schedules":\[\] → /],
    [
      'an hour that is none',
      { campaign_schedule: { schedules: [{ ...schedule, timing: { from: '9:00', to: '25:00' } }] } },
      /^"from":"9:00" → .*\n"to":"25:00" → /s,
    ],
    [
      'a time zone that the service lacks',
      { campaign_schedule: { schedules: [{ ...schedule, timezone: 'America/New_York' }] } },
      /^"timezone":"America\/New_York" → .* none of the values/,
    ],
    ['a schedule without days', { campaign_schedule: { schedules: [{ ...schedule, days: {} }] } }, /^"days":\{\} → /],
    ['two sequences', { sequences: [{ steps: [] }, { steps: [] }] }, /^"sequences":/],
    ['a step without a delay', { sequences: [{ steps: [{ ...step, delay: undefined }] }] }, /"delay" is missing/],
    [
      'a step without variants',
      { sequences: [{ steps: [{ ...step, variants: undefined }] }] },
      /"variants" is missing/,
    ],
    ['a step without a type', { sequences: [{ steps: [{ ...step, type: undefined }] }] }, /"type" is missing/],
    ['a mistyped property inside', { sequences: [{ steps: [{ ...step, dely: 1 }] }] }, /^"dely":1 → .*cannot be set/],
    ['a number as text', { daily_limit: '30' }, /^"daily_limit":"30" → /],
  ] as const) {
    it(`refuses ${title}, at its place`, () => {
      assert.match(ofValues(values).join('\n'), wrong);
    });
  }

  it('refuses what is not JSON, and not an object', () => {
    assert.match(problemsOf('{ "name": }').join('\n'), /This is not JSON/);
    assert.match(problemsOf('{ "name": "a", }').join('\n'), /This is not JSON/);
    assert.match(problemsOf('{ // why\n "name": "a" }').join('\n'), /This is not JSON/);
    assert.match(problemsOf('').join('\n'), /This is not JSON/);
    assert.match(problemsOf('[]').join('\n'), /is an object/);
  });

  it('refuses a property that stands there twice, of which one would be lost', () => {
    assert.match(problemsOf('{ "name": "a", "name": "b" }').join('\n'), /^"name" → "name" stands here twice/);
  });

  it('does not mind what the campaign already had and the draft leaves', () => {
    const old = { campaign_schedule: { schedules: [{ ...schedule, timezone: 'America/New_York' }] } };
    assert.deepEqual(ofValues({ ...old, name: 'New' }, old), []);
    const inside = { sequences: [{ steps: [{ ...step, step_id: 7 }] }] };
    assert.deepEqual(ofValues({ sequences: [{ steps: [{ ...step, step_id: 7, delay: 5 }] }] }, inside), []);
    assert.notDeepEqual(ofValues({ sequences: [{ steps: [{ ...step, step_ids: 7 }] }] }, inside), []);
  });

  it('puts a refusal at the property that it names', () => {
    const text = '{ "daily_limit": 5, "sequences": [{ "steps": [{ "delay": -1 }] }], "name": "a" }';
    const at = (why: string) => {
      const found = refusedAt(why, text, ['daily_limit', 'sequences']);
      return found && text.slice(found.offset, found.offset + found.length);
    };
    assert.equal(at('Refused (422: body/daily_limit must be >= 10).'), '"daily_limit": 5');
    assert.equal(at('body/sequences/0/steps/0/delay must be >= 0'), '"delay": -1');
    assert.equal(at('body/sequences/0/steps/9/delay must be >= 0'), '"steps": [{ "delay": -1 }]');
    assert.equal(at('The daily_limit is too low'), '"daily_limit": 5');
    assert.equal(at('body/name is taken'), undefined);
    assert.equal(at('Not now'), undefined);
    assert.equal(problemAt('x', text, 'name').length, '"name": "a"'.length);
  });
});
