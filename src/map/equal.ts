/** True where two records say the same. An absent property and an undefined one are the same thing. */
export function sameRecord(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) {
    return true;
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return false;
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((member, index) => sameRecord(member, (b as readonly unknown[])[index]))
    );
  }
  const [left, right] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>];
  for (const name in left) {
    if (!sameRecord(left[name], right[name])) {
      return false;
    }
  }
  for (const name in right) {
    if (right[name] !== undefined && left[name] === undefined) {
      return false;
    }
  }
  return true;
}
