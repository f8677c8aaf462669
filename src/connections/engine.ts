/** What sessions work with; loaded with the first of them. */
export { SendingMap } from '../map/sendingMap.ts';
export { Client } from '../transport/client.ts';
