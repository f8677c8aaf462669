import { instantly } from './instantly/provider.ts';
import type { ProviderId } from './model.ts';
import type { ProviderInfo } from './provider.ts';
import { smartlead } from './smartlead/provider.ts';

/** Every service that Sendmap knows. A new one is added here and nowhere else above `providers/`. */
export const providers: Readonly<Record<ProviderId, ProviderInfo>> = { instantly, smartlead };

export function isProviderId(value: unknown): value is ProviderId {
  return typeof value === 'string' && Object.hasOwn(providers, value);
}
