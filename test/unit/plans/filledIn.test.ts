import assert from 'node:assert/strict';
import { providers } from '../../../src/providers/index.ts';
import { propertyItems } from '../../../src/plans/make.ts';
import type { Plan, Value } from '../../../src/plans/plan.ts';
import { firstLine, lineOf, readRecord, type Entry } from '../../../src/plans/record.ts';
import { run } from '../../../src/plans/runner.ts';
import { undoItems } from '../../../src/plans/undo.ts';
import type { Json } from '../../../src/providers/fields.ts';

const { changes } = providers.instantly;

/** A service with one campaign, which makes something of its own of what it is sent. */
class OneCampaign {
  properties: Json;
  readonly sent: Json[] = [];
  readonly #make: (sent: Json) => Json;

  constructor(properties: Json, make: (sent: Json) => Json) {
    this.properties = properties;
    this.#make = make;
  }

  /** Edits the campaign. @returns the record of that, as it is on the disk. */
  async edit(items: Plan['items']) {
    const plan: Plan = {
      ...{ id: '1', at: 1, connectionId: 'c', connection: 'C', service: 'instantly', title: 'Edit', leftOut: [] },
      items,
    };
    let text = firstLine(plan);
    await run(plan, [...items.keys()], {
      reads: { properties: () => Promise.resolve(this.properties), sameKey: (key: string) => key } as never,
      writes: {
        send: (request) => {
          assert.equal(request.kind, 'edit-campaign');
          const { properties } = request as { properties: Json };
          this.sent.push(properties);
          this.properties = { ...this.properties, ...this.#make(properties) };
          return Promise.resolve([]);
        },
      },
      changes,
      record: { write: (entry: Entry) => Promise.resolve(void (text += lineOf(entry))) },
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    return readRecord(text)!;
  }
}

const edited = (before: Value, after: Value) =>
  propertyItems({ id: '1', name: 'One' }, [{ property: 'sequences', before, after }]).items;
const steps = (...delays: number[]) => [{ steps: delays.map((delay) => ({ type: 'email', delay, variants: [] })) }];
const withUnits = (sent: Json): Json => ({
  sequences: (sent['sequences'] as { steps: object[] }[]).map((sequence) => ({
    steps: sequence.steps.map((step) => ({ delay_unit: 'days', ...step })),
  })),
});

describe('a property in which the service fills something in', () => {
  it('is confirmed, written down as it is, and taken back from there', async () => {
    const service = new OneCampaign({ sequences: steps(1) }, withUnits);
    const record = await service.edit(edited(steps(1), steps(1, 2)));
    assert.deepEqual(
      record.items.map(({ state, shown }) => ({ state, shown })),
      [{ state: 'confirmed', shown: withUnits({ sequences: steps(1, 2) })['sequences'] }],
    );
    const undone = await service.edit(undoItems(record, changes).items);
    assert.equal(undone.items[0]?.state, 'confirmed');
    assert.deepEqual(service.sent, [{ sequences: steps(1, 2) }, { sequences: steps(1) }]);
  });

  it('is left alone where somebody changed it since', async () => {
    const service = new OneCampaign({ sequences: steps(1) }, withUnits);
    const record = await service.edit(edited(steps(1), steps(1, 2)));
    service.properties = { sequences: steps(1, 2, 3) };
    const undone = await service.edit(undoItems(record, changes).items);
    assert.equal(undone.items[0]?.state, 'failed');
    assert.equal(service.sent.length, 1);
  });

  it('has failed where the service made something else of it, and says what', async () => {
    const service = new OneCampaign({ sequences: steps(1) }, () => ({ sequences: steps(7) }));
    const record = await service.edit(edited(steps(1), steps(2)));
    assert.deepEqual([record.items[0]?.state, record.items[0]?.shown], ['failed', steps(7)]);
  });
});
