/**
 * Domains at which anyone gets a mailbox. Their mailboxes share neither an owner nor a reputation, so that failures of
 * several say nothing of the domain.
 */
export const publicDomains: ReadonlySet<string> = new Set([
  // Google
  'gmail.com',
  'googlemail.com',
  // Microsoft
  'outlook.com',
  'hotmail.com',
  'hotmail.co.uk',
  'hotmail.fr',
  'hotmail.de',
  'live.com',
  'live.co.uk',
  'msn.com',
  // Yahoo and AOL
  'yahoo.com',
  'yahoo.co.uk',
  'yahoo.co.in',
  'yahoo.co.jp',
  'yahoo.de',
  'yahoo.fr',
  'ymail.com',
  'rocketmail.com',
  'aol.com',
  // Apple
  'icloud.com',
  'me.com',
  'mac.com',
  // Others
  'fastmail.com',
  'gmx.at',
  'gmx.ch',
  'gmx.com',
  'gmx.de',
  'gmx.net',
  'mail.com',
  'mail.ru',
  'pm.me',
  'proton.me',
  'protonmail.com',
  'qq.com',
  '163.com',
  'web.de',
  'yandex.com',
  'yandex.ru',
  'zoho.com',
  'zohomail.com',
]);
