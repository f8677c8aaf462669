import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { Pace } from '../../../src/transport/pace.ts';
import { KeyQueue } from '../../../src/transport/queue.ts';

describe('queue', () => {
  it('waits however long the pace says, instead of asking it again and again', async () => {
    const warnings: string[] = [];
    const onWarning = ({ name }: Error) => warnings.push(name);
    process.on('warning', onWarning);
    const pace = Object.assign(new Pace([{ requests: 60, milliseconds: 60_000 }]), { delay: () => 1e30 });
    const queue = new KeyQueue(pace, 1);
    queue.holdBack();
    const ended = new AbortController();
    const waiting = queue.run(() => Promise.resolve('sent'), 'background', ended.signal);
    await setImmediate();
    ended.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
    queue.dispose();
    process.off('warning', onWarning);
    // That is how Node says that a timer fires at once because its delay is too long.
    assert.deepEqual(warnings, []);
  });
});
