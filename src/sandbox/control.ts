import type { Clock } from './clock.ts';
import { isFault, type WriteFaults } from './faults.ts';
import { json, parsed, type Reply } from './reply.ts';
import type { SeenWrite } from './writes.ts';

/** What can be asked of the sandbox itself, which no service has. */
export interface Control {
  readonly nextDay: () => unknown;
  readonly clock: Clock;
  readonly faults: WriteFaults;
  readonly writes: readonly SeenWrite[];
}

/** Answers a request below `/sandbox/`. @param route the method and the path. @param text what was sent. */
export function answerControl({ nextDay, clock, faults, writes }: Control, route: string, text: string): Reply {
  switch (route) {
    case 'POST /sandbox/day':
      return json(nextDay());
    case 'POST /sandbox/clock': {
      const { milliseconds } = (parsed(text) ?? {}) as { milliseconds?: unknown };
      if (typeof milliseconds !== 'number' || milliseconds < 0) {
        return json({ error: 'Send {"milliseconds": 240000}.' }, 400);
      }
      clock.advance(milliseconds);
      return json({ now: clock.iso() });
    }
    case 'POST /sandbox/faults': {
      const fault = parsed(text);
      if (!isFault(fault)) {
        return json({ error: 'Send a fault such as {"kind": "cutAfter", "times": 1}.' }, 400);
      }
      faults.add(fault);
      return json(fault);
    }
    case 'DELETE /sandbox/faults':
      faults.clear();
      return json({});
    case 'GET /sandbox/writes':
      return json(writes);
    default:
      return json({}, 404);
  }
}
