const MASK = '•••';

/**
 * Property names that hold credentials in an answer. Smartlead returns mailbox passwords, in plain text on some
 * routes (Smartlead FACTS 3.7 to 3.9); Instantly's key routes return keys (Instantly FACTS 2.4).
 */
const CREDENTIAL_NAME =
  /pass(word|wd|phrase)|secret|api_?key|(access|refresh|auth|bearer)_?token|^token$|^authorization$/i;

/** True where a property of an answer holds a credential; flags such as `dfy_password_changed` do not. */
export function isCredential(name: string, value: unknown): boolean {
  return typeof value !== 'boolean' && CREDENTIAL_NAME.test(name);
}

/**
 * Removes secrets from text on its way to a log, an error or a dialog. Works on three grounds, because each one alone
 * has holes: known key values (also percent-encoded and in base64), the `api_key` query parameter and
 * `Authorization` headers in any case, and credential properties in JSON.
 */
export class Redactor {
  readonly #secrets = new Set<string>();

  /** Registers a key, so that its value is masked wherever it turns up. */
  add(secret: string): void {
    if (secret.length < 4) {
      return;
    }
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
      this.#secrets.add(form);
    }
  }

  redact(text: string): string {
    let result = text;
    for (const secret of this.#secrets) {
      result = result.replaceAll(secret, MASK);
    }
    return result
      .replace(/\b(api_?key)=[^&\s"'<>]+/gi, `$1=${MASK}`)
      .replace(
        /\b(proxy-)?authorization(["']?\s*[:=]\s*["']?)(bearer |basic )?[^\s"',}]+/gi,
        `$1authorization$2${MASK}`,
      )
      .replace(/\bbearer\s+[\w.~+/=-]{8,}/gi, `Bearer ${MASK}`)
      .replace(/"([^"\\]+)"(\s*:\s*)"(?:[^"\\]|\\.)*"/g, (match, name: string, colon: string) =>
        isCredential(name, '') ? `"${name}"${colon}"${MASK}"` : match,
      );
  }
}
