import type { ProviderId } from '../../src/providers/index.ts';
import { properties as instantly } from '../../src/providers/instantly/properties.ts';
import type { Properties } from '../../src/providers/properties.ts';
import type { DocumentKind } from '../../src/providers/provider.ts';
import { properties as smartlead } from '../../src/providers/smartlead/properties.ts';

/** The tables behind `ProviderInfo.properties`, without the wait for them. */
export const propertiesOf: Readonly<Record<ProviderId, (kind: DocumentKind) => Properties>> = {
  instantly,
  smartlead,
};
