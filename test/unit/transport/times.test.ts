import assert from 'node:assert/strict';
import { ServiceError } from '../../../src/transport/errors.ts';
import { ageOf, clockOf, isoOf } from '../../../src/transport/times.ts';

const NO_TIMES = [Number.NaN, Infinity, -Infinity, 1e30, 8.64e15 + 1, -8.64e15 - 1];

describe('times', () => {
  const now = new Date(2026, 2, 14, 13, 5, 9).getTime();

  it('are the time of day today, and say the date otherwise', () => {
    assert.equal(clockOf(now + 60_000, 'en-GB', now), '13:06:09');
    assert.match(clockOf(now + 86_400_000, 'en-GB', now) ?? '', /15 Mar 2026.*13:05/);
    assert.match(clockOf(now - 86_400_000, 'en-GB', now) ?? '', /13 Mar 2026.*13:05/);
    assert.match(clockOf(now + 365 * 86_400_000, 'en-GB', now) ?? '', /14 Mar 2027.*13:05/);
  });

  it('are nothing where a number is none', () => {
    for (const time of NO_TIMES) {
      assert.equal(clockOf(time), undefined);
      assert.equal(isoOf(time), undefined);
    }
    assert.equal(isoOf(0), '1970-01-01T00:00:00.000Z');
  });

  it('are ages in the unit that a person would use', () => {
    const day = 24 * 60 * 60_000;
    const year = 365.2425 * day;
    const ages: [past: number, words: string][] = [
      [4 * 60_000, '4 min ago'],
      [59.9 * 60_000, '59 min ago'],
      [60 * 60_000, '1 hr ago'],
      [day - 60_000, '23 hr ago'],
      [day, '1 day ago'],
      [60 * day, '60 days ago'],
      [61 * day, '2 months ago'],
      [year - day, '11 months ago'],
      [year, '1 year ago'],
      [4.9 * year, '4 years ago'],
      [-2 * day, 'in 2 days'],
    ];
    for (const [past, words] of ages) {
      assert.equal(ageOf(past, 'en'), words);
    }
  });

  it('are left out of an error that has none, and say the date in one that ends another day', () => {
    for (const retryAt of NO_TIMES) {
      assert.equal(
        new ServiceError('rateLimited', { service: 'Instantly', retryAt }).message,
        'Instantly rate limit reached.',
      );
    }
    const { message } = new ServiceError('rateLimited', {
      service: 'Instantly',
      retryAt: new Date(2031, 5, 1, 12).getTime(),
    });
    assert.match(message, /^Instantly rate limit reached; retrying at .*2031.*\.$/);
  });
});
