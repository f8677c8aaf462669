/**
 * `npm run schema`: makes `src/providers/instantly/campaign.schema.json` of the OpenAPI document and of what Sendmap says about each
 * property; a test compares the two.
 */
import { writeFileSync } from 'node:fs';
import { properties } from '../../src/providers/instantly/properties.ts';
import { propertyAt, type Path } from '../../src/providers/properties.ts';
import { openApi } from './fixtures.ts';
import { root } from './paths.ts';

export const schemaPath = `${root}/src/providers/instantly/campaign.schema.json`;

type Schema = Readonly<Record<string, unknown>>;

/** What of the document's schemas says what may be written. */
const RULES = [
  'type',
  'enum',
  'pattern',
  'format',
  'default',
  'required',
  'minItems',
  'minProperties',
  'minimum',
  'maximum',
] as const;

/** What the service takes and nobody wants: it uses the first sequence alone (Instantly FACTS 2.3). */
const STRICTER: Readonly<Record<string, Schema>> = {
  sequences: { minItems: 1, maxItems: 1 },
};

/** What the pattern of a time of day says, for people. */
const TIME_OF_DAY = 'A time of day on 24 hours, such as 09:00.';

/** The body of PATCH /api/v2/campaigns/{id} as a schema for people: with descriptions, and closed all the way down. */
export function campaignSchema(): Schema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Settable properties of an Instantly campaign',
    description:
      'A property that is not here stays as it is in the campaign. null takes a value away, where the service allows it.',
    ...closed(bodyOfPatch(), []),
    minProperties: 1,
  };
}

/** As the OpenAPI document has it. */
export function bodyOfPatch(): Schema {
  const { paths } = openApi('instantly') as {
    paths: Record<string, { patch: { requestBody: { content: Record<string, { schema: Schema }> } } }>;
  };
  return paths['/api/v2/campaigns/{id}']!.patch.requestBody.content['application/json']!.schema;
}

function closed(schema: Schema, path: Path): Schema {
  const type = schema['type'];
  const rules = Object.fromEntries(
    RULES.filter((rule) => schema[rule] !== undefined && !isMisplaced(rule, type)).map((rule) => [rule, schema[rule]]),
  );
  if ((rules['required'] as readonly unknown[] | undefined)?.length === 0) {
    delete rules['required'];
  }
  const members = schema['items'] as Schema | undefined;
  const named = schema['properties'] as Readonly<Record<string, Schema>> | undefined;
  // Beside the items it demands nothing: it belongs to them.
  const required = members !== undefined && schema['required'] !== undefined ? { required: schema['required'] } : {};
  return {
    ...describe(path),
    ...rules,
    ...(schema['pattern'] === undefined ? {} : { patternErrorMessage: TIME_OF_DAY }),
    ...(members === undefined ? {} : { items: closed({ ...members, ...required }, [...path, 0]) }),
    ...(named === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(named).map(([name, property]) => [name, closed(property, [...path, name])]),
          ),
          additionalProperties: false,
        }),
    ...STRICTER[path.join('.')],
  };
}

function isMisplaced(rule: string, type: unknown): boolean {
  return rule === 'required' && type === 'array';
}

function describe(path: Path): Schema {
  const property = path.length === 0 || path.at(-1) === 0 ? undefined : propertyAt(properties('campaign'), path);
  if (property === undefined) {
    return {};
  }
  const unit = property.unit === undefined ? '' : ` (${property.unit()})`;
  const trap = property.trap === undefined ? '' : ` ${property.trap()}.`;
  return { description: `${property.words()}${unit}.${trap}` };
}

if (process.argv.includes('--write')) {
  writeFileSync(schemaPath, `${JSON.stringify(campaignSchema(), undefined, 2)}\n`);
}
