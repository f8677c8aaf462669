import { propertyAt, type Properties, type Path } from './properties.ts';

/**
 * Whether a property differs in almost every answer: a time that the service keeps, or a counter.
 *
 * @param lasting names that look like one of these, but are what a comparison is for, such as a time that people set.
 */
export function isTimeOrCounter(properties: Properties, path: Path, lasting: ReadonlySet<string>): boolean {
  const name = path.at(-1);
  return (
    typeof name === 'string' &&
    !lasting.has(name) &&
    (propertyAt(properties, path)?.time === true || name.endsWith('_count'))
  );
}
