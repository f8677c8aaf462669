import { t } from '@vscode/l10n';
import { flag, isObject, list, number, object, text, type Json } from '../providers/fields.ts';
import type { DocumentKind } from '../providers/provider.ts';
import { parseObject } from '../transport/json.ts';

/** One version of a step's email. */
export interface Variant {
  /** `A`, `B` and so on, or what the service calls it. */
  readonly name: string;
  /** Empty where the email goes on in the thread of the one before it. */
  readonly subject: string;
  readonly html: string;
  readonly disabled: boolean;
}

export interface Step {
  readonly number: number;
  /** How long after the step before it, in words; undefined for the first, and where the service does not say. */
  readonly delay: string | undefined;
  readonly variants: readonly Variant[];
}

/** The document of a campaign that has its emails. */
export type EmailDocument = Extract<DocumentKind, 'campaign' | 'campaign-sequences'>;

/** The steps in a document of either service, as far as they can be read; none where it has none. */
export function stepsOf(source: string, kind: EmailDocument): Step[] {
  const document = parseObject(source);
  return kind === 'campaign' ? stepsInCampaign(object(document)) : stepsInSequences(document);
}

/** Only the first sequence counts, and `delay` is the wait before the *next* email (Instantly FACTS 2.3). */
function stepsInCampaign(campaign: Json | undefined): Step[] {
  const [sequence] = list(campaign?.['sequences'], object) ?? [];
  const steps = list(sequence?.['steps'], object) ?? [];
  return steps.map((step, index) => {
    const before = steps[index - 1];
    return {
      number: index + 1,
      delay: before && delayWords(number(before['delay']), text(before['delay_unit']) ?? 'days'),
      variants: (list(step['variants'], object) ?? []).map((variant, place) => ({
        name: letter(place),
        subject: text(variant['subject']) ?? '',
        html: text(variant['body']) ?? '',
        disabled: flag(variant['v_disabled']) ?? false,
      })),
    };
  });
}

/** A bare array, or in a wrapper; a step with variants is empty itself (Smartlead FACTS 3.12). */
function stepsInSequences(document: unknown): Step[] {
  const rows = list(isObject(document) ? document['data'] : document, object) ?? [];
  const numbered = rows.map((row, index) => ({ row, number: number(row['seq_number']) ?? index + 1 }));
  return numbered
    .sort((a, b) => a.number - b.number)
    .map(({ row, number: step }, index) => {
      const details = object(row['seq_delay_details']);
      const days = number(details?.['delayInDays']) ?? number(details?.['delay_in_days']);
      const variants = (list(row['sequence_variants'], object) ?? []).filter((variant) => !flag(variant['is_deleted']));
      return {
        number: step,
        delay: index === 0 ? undefined : delayWords(days, 'days'),
        variants: (variants.length > 0 ? variants : [row]).map((variant, place) => ({
          name: text(variant['variant_label']) ?? letter(place),
          subject: text(variant['subject']) ?? '',
          html: text(variant['email_body']) ?? '',
          // An assumption: no recording has a share of nothing, but nobody would get such a variant.
          disabled: variant['variant_distribution_percentage'] === 0,
        })),
      };
    });
}

function delayWords(amount: number | undefined, unit: string): string | undefined {
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

/** `A` to `Z`, then numbers. */
function letter(place: number): string {
  return place < 26 ? String.fromCharCode(65 + place) : String(place + 1);
}
