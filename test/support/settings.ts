import { providers } from '../../src/providers/index.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';

/** The settings that hold the base URLs. */
export const baseUrlSettings = {
  instantly: providers.instantly.profile.baseUrlSetting,
  smartlead: providers.smartlead.profile.baseUrlSetting,
} as const;

/** The settings that lead to a sandbox. */
export function baseUrlsOf({ baseUrls }: Pick<Sandbox, 'baseUrls'>): Readonly<Record<string, string>> {
  return { [baseUrlSettings.instantly]: baseUrls.instantly, [baseUrlSettings.smartlead]: baseUrls.smartlead };
}
