import { providers } from '../../src/providers/index.ts';

/** The settings that hold the base URLs. */
export const baseUrlSettings = {
  instantly: providers.instantly.profile.baseUrlSetting,
  smartlead: providers.smartlead.profile.baseUrlSetting,
} as const;
