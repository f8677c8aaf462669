import type { Provider } from './provider.ts';

/**
 * For a person who asks for something by hand: finds out, with the cheapest read there is, whether a service that asked
 * to be left alone for long answers again. Does nothing where none did, and never rejects.
 */
export async function probe(provider: Provider): Promise<void> {
  await provider.client.probe((options) => provider.checkKey(options));
}
