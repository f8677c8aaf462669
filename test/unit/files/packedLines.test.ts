import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { packLines, unpackLines } from '../../../src/files/packedLines.ts';
import { numRuns } from '../../support/runs.ts';

const problem = () => new Error('it cannot be unpacked');

async function allOf<T>(pieces: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const piece of pieces) {
    all.push(piece);
  }
  return all;
}

async function packed(lines: Iterable<string>): Promise<Uint8Array> {
  return Buffer.concat(await allOf(packLines(lines)));
}

describe('lines packed by gzip', () => {
  it('come back as they were, and any tool can unpack them', async () => {
    const lines = ['{"a":1}\n', '\n', '{"b":"ä 中 😀"}\n'];
    const bytes = await packed(lines);
    assert.equal(gunzipSync(bytes).toString('utf8'), lines.join(''));
    assert.deepEqual(await allOf(unpackLines(bytes, problem)), ['{"a":1}', '', '{"b":"ä 中 😀"}']);
  });

  it('may be longer than what is packed at a time, whatever their characters', async () => {
    for (const character of ['a', 'ä', '中', '😀']) {
      const line = `x${character.repeat(600_000)}`;
      assert.deepEqual(await allOf(unpackLines(await packed([`${line}\n`, 'end\n']), problem)), [line, 'end']);
    }
  });

  it('may be any, and many', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 }).map((words) => words.replaceAll('\n', ' '));
    await fc.assert(
      fc.asyncProperty(fc.array(text), fc.nat({ max: 50 }), async (few, count) => {
        const lines = [...few, ...Array.from({ length: count }, (_, index) => `${index} ${few[0] ?? ''}`)];
        const bytes = await packed(lines.map((line) => `${line}\n`));
        assert.deepEqual(await allOf(unpackLines(bytes, problem)), lines);
      }),
      { numRuns: Math.min(numRuns, 200) },
    );
  });

  it('none are none', async () => {
    assert.deepEqual(await allOf(unpackLines(await packed([]), problem)), []);
  });

  it('are made when those before are packed, and no more where nobody reads on', async () => {
    let made = 0;
    function* lines() {
      for (; made < 10_000; made += 1) {
        // Random, so that they cannot be packed into little.
        yield `${Array.from({ length: 2000 }, () => Math.random()).join()}\n`;
      }
    }
    for await (const bytes of packLines(lines())) {
      assert.ok(bytes.length > 0);
      break;
    }
    assert.ok(made < 200, `${made} lines were made`);
  });

  it('that cannot be made are an error for those who read them', async () => {
    function* lines() {
      yield 'one\n';
      throw new Error('no more');
    }
    await assert.rejects(packed(lines()), { message: 'no more' });
  });

  it('are refused where they are damaged or cut off', async () => {
    const bytes = await packed(Array.from({ length: 5000 }, (_, index) => `line ${index}\n`));
    const damaged = Uint8Array.from(bytes, (byte, index) => (index > 200 && index < 300 ? byte ^ 0xff : byte));
    for (const wrong of [damaged, bytes.subarray(0, 500), Buffer.from('no gzip')]) {
      await assert.rejects(allOf(unpackLines(wrong, problem)), { message: 'it cannot be unpacked' });
    }
  });
});
