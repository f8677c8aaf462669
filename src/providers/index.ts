import { instantly } from './instantly/info.ts';
import { smartlead } from './smartlead/info.ts';

/** Every service that Sendmap knows. All that is known of one is in its folder; nothing above `providers/` names it. */
export const providers = { instantly, smartlead } as const;

/** A set of services to work with: {@link providers}, or another that a test makes. */
export type Providers = typeof providers;

export type ProviderId = keyof Providers;

export function isProviderId(value: unknown, among: Providers): value is ProviderId {
  return typeof value === 'string' && Object.hasOwn(among, value);
}
