import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, string, number, { readonly cost: number }, Buffer>(scrypt);

/**
 * Says which key of a connection something was read with, without revealing anything about the key.
 *
 * Salted with the connection's id, so that the same key has another tag in each connection. The services' keys are too
 * long and random to be guessed; the cost, some milliseconds on another thread, is for one that is not, such as the key
 * of a private proxy.
 */
export async function keyTagOf(connectionId: string, key: string): Promise<string> {
  return (await derive(key, `sendmap key tag ${connectionId}`, 16, { cost: 1024 })).toString('hex');
}
