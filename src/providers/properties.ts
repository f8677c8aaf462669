import type { CodeTable } from './codes.ts';

/** What a property of a document means. The sets are open: a property that has no entry gets no invented text. */
export interface Property {
  /** What it is, in a sentence without its full stop. */
  readonly words: () => string;
  /** The unit of its number, as it stands behind it, e.g. "minutes". */
  readonly unit?: () => string;
  /** The values that it may have, and what they mean. */
  readonly codes?: CodeTable;
  /** True where the service says that only it can change this. */
  readonly readOnly?: true;
  /** What people get wrong about it. */
  readonly trap?: () => string;
  /** The page of the API that says so, e.g. `GET /accounts/{email}`. */
  readonly source: string;
  /** What its value, or each member of its list, is the key or id of. */
  readonly names?: 'account' | 'campaign' | 'tag';
  /** A time in ISO 8601. */
  readonly time?: true;
  /** Days of the week: `{"1": true}` or `[1, 2]`, where 0 is Sunday. */
  readonly weekdays?: true;
  /** A mail server's answer, of which the code says whether it is permanent. */
  readonly smtp?: true;
}

/** Where a value stands in a document: names of properties, and numbers of members. */
export type Path = readonly (string | number)[];

/** Properties by their path, with `*` for any member of a list: `warmup.limit`, `items.*.campaign_id`. */
export type Properties = Readonly<Record<string, Property>>;

/** The property at a path; undefined where nothing is known of it. Members of a described list are described by it. */
export function propertyAt(properties: Properties, path: Path): Property | undefined {
  const pattern = path.map((segment) => (typeof segment === 'number' ? '*' : segment)).join('.');
  if (Object.hasOwn(properties, pattern)) {
    return properties[pattern];
  }
  const list = pattern.endsWith('.*') ? pattern.slice(0, -2) : undefined;
  return list !== undefined && Object.hasOwn(properties, list) ? properties[list] : undefined;
}

/** Properties that one page of the API describes, before it is said where they stand; a row may name its own page. */
export type Rows = Readonly<Record<string, Omit<Property, 'source'> & { readonly source?: string }>>;

/** The properties of a page, each with its path in the document: `prefix` is what stands before it, e.g. `items.*.`. */
export function propertiesOf(source: string, rows: Rows, prefix = ''): Properties {
  return Object.fromEntries(Object.entries(rows).map(([path, row]) => [prefix + path, { source, ...row }]));
}
