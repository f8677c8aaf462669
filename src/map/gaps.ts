import { t } from '@vscode/l10n';
import type { InvalidRecord } from '../providers/model.ts';

/** What could not be read besides the lists themselves, by what it is about; gone where it is read well again. */
export class Gaps {
  readonly #invalid = new Map<string, { readonly what: string; readonly records: readonly InvalidRecord[] }>();
  readonly #sentences = new Map<string, string>();
  /** What an earlier session could not read: only reading everything again tells what is left of it. */
  #restored: readonly string[] = [];

  /**
   * Rows of an answer that cannot be read. `name` tells the answer apart from others, because names of campaigns repeat
   * (Smartlead FACTS 3.1); `what` says in words what it holds, e.g. "senders of Q4 launch".
   */
  setInvalid(name: string, what: string, records: readonly InvalidRecord[]): void {
    if (records.length === 0) {
      this.#invalid.delete(name);
    } else {
      this.#invalid.set(name, { what, records });
    }
  }

  /** Rows of a campaign's senders that cannot be read. */
  setInvalidSenders(campaignId: string, name: string | undefined, records: readonly InvalidRecord[]): void {
    const called = name === undefined || name === '' ? campaignId : name;
    this.setInvalid(`senders ${campaignId}`, t('senders of {0}', called), records);
  }

  /** Something that is missing as a whole, in a sentence; undefined: it is not missing any more. */
  set(name: string, sentence: string | undefined): void {
    if (sentence === undefined) {
      this.#sentences.delete(name);
    } else {
      this.#sentences.set(name, sentence);
    }
  }

  /** True where some of it is of an earlier session. */
  get areRestored(): boolean {
    return this.#restored.length > 0;
  }

  /** Takes what an earlier session, or another window, could not read, in place of everything else. */
  restore(sentences: readonly string[]): void {
    this.#invalid.clear();
    this.#sentences.clear();
    this.#restored = sentences;
  }

  /** Everything is read again. */
  forgetRestored(): void {
    this.#restored = [];
  }

  /** All of it, each in a sentence. */
  get sentences(): string[] {
    return [
      ...this.#restored,
      ...this.#sentences.values(),
      ...Array.from(this.#invalid.values(), ({ what, records: [first, ...others] }) =>
        others.length === 0
          ? t('{0}: the record "{1}" {2}', what, first?.label ?? '', first?.problem ?? '')
          : t('{0}: {1} records that cannot be read', what, others.length + 1),
      ),
    ];
  }
}
