import assert from 'node:assert/strict';
import { emailFigures } from '../../../src/overview/emails.ts';
import { campaign, graphOf } from '../../support/records.ts';

const graph = graphOf(
  [],
  [campaign('1', { name: 'One' }), campaign('2', { name: 'Two' }), campaign('3', { name: '' })],
);
const capacity = (id: string, wanted: number | undefined, expected: number, sendersKnown = true) => ({
  ...{ id, wanted, expected, sendersKnown },
  ...{ possible: expected, shortfall: undefined, senders: 1, sending: 1, binding: 0 },
});

describe('emails a day', () => {
  it('are nothing without a campaign', () => {
    assert.deepEqual(emailFigures([{ connectionId: 'c', graph, campaigns: [], unknownLimits: 0 }], 20), {
      campaigns: 0,
      limited: 0,
      short: 0,
      possible: 0,
      lacking: 0,
      sendersUnknown: 0,
      unknownLimits: 0,
      worst: [],
    });
  });

  it('add up over connections, with the campaigns that lack most first', () => {
    const connections = [
      { connectionId: 'a', graph, campaigns: [capacity('1', 100, 33.4), capacity('2', 100, 99.9)], unknownLimits: 2 },
      {
        connectionId: 'b',
        graph,
        campaigns: [capacity('3', undefined, 500, false), capacity('gone', 90, 0)],
        unknownLimits: 3,
      },
    ];
    const figures = emailFigures(connections, 3);
    assert.deepEqual(figures, {
      campaigns: 4,
      limited: 3,
      short: 2,
      possible: 633,
      lacking: 157,
      sendersUnknown: 1,
      unknownLimits: 5,
      worst: [
        { connectionId: 'b', id: 'gone', name: '', wanted: 90, possible: 0, lacking: 90 },
        { connectionId: 'a', id: '1', name: 'One', wanted: 100, possible: 33, lacking: 67 },
        { connectionId: 'b', id: '3', name: '', wanted: undefined, possible: 500, lacking: 0 },
      ],
    });
    assert.equal(emailFigures(connections, 20).worst.length, 4);
  });
});
