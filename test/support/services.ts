import { providers, type ProviderId } from '../../src/providers/index.ts';
import type { Service } from '../../src/sandbox/server.ts';

/** Every service that Sendmap knows; one that the sandbox does not simulate is a mistake that the compiler finds. */
export const services: readonly Service[] = Object.keys(providers) as ProviderId[];
