import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { campaignBody } from '../../src/sandbox/instantlyBodies.ts';
import { bodyOfPatch, campaignSchema, schemaPath } from '../support/schema.ts';

describe('the schema of drafts', () => {
  const schema = JSON.parse(readFileSync(schemaPath, 'utf8')) as Record<string, unknown>;
  const text = JSON.stringify(schema);

  it('is what the OpenAPI document says; otherwise run "npm run schema"', () => {
    assert.deepEqual(schema, campaignSchema());
  });

  it('has every property that the service takes, and no other, described', () => {
    const mine = schema['properties'] as Record<string, { description?: string }>;
    assert.deepEqual(Object.keys(mine), Object.keys(bodyOfPatch()['properties'] as object));
    assert.deepEqual(Object.keys(mine), Object.keys(campaignBody['properties'] as object));
    for (const [name, { description }] of Object.entries(mine)) {
      assert.match(description ?? '', /^\p{Lu}.*\.$/u, name);
    }
  });

  it('is closed, all the way down', () => {
    assert.equal(text.split('"properties":').length, text.split('"additionalProperties":false').length);
  });
});
