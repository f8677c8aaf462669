/** Prints one figure as a JSON line. */
export function figure(name: string, value: number, unit: string, parameters: object = {}): void {
  process.stdout.write(
    `${JSON.stringify({ figure: name, value: Math.round(value * 10) / 10, unit, ...parameters })}\n`,
  );
}

/** The value that this share of all values is not above. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
