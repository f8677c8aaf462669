import { t } from '@vscode/l10n';

/** One version of a step's email. */
export interface Variant {
  /** `A`, `B` and so on, or what the service calls it. */
  readonly name: string;
  /** Empty where the email continues the thread of the one before it. */
  readonly subject: string;
  readonly html: string;
  readonly disabled: boolean;
}

/** One step of a campaign's sequence. */
export interface Step {
  readonly number: number;
  /** How long after the step before it, in words; undefined for the first, and where the service does not say. */
  readonly delay: string | undefined;
  readonly variants: readonly Variant[];
}

/** A wait in words; undefined where it is unknown, or none that makes sense. `unit` may be one that is not known here. */
export function delayWords(amount: number | undefined, unit: string): string | undefined {
  if (amount === undefined || amount < 0) {
    return undefined;
  }
  if (amount === 0) {
    return t('right after it');
  }
  switch (unit) {
    case 'minutes':
      return amount === 1 ? t('1 minute later') : t('{0} minutes later', amount);
    case 'hours':
      return amount === 1 ? t('1 hour later') : t('{0} hours later', amount);
    case 'days':
      return amount === 1 ? t('1 day later') : t('{0} days later', amount);
    default:
      return t('{0} {1} later', amount, unit);
  }
}

/** What the variant at an index is called where it has no name: `A` to `Z`, then numbers. */
export function variantName(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : String(index + 1);
}
