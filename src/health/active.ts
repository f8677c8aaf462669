import type { Campaign } from '../providers/model.ts';

/** Whether a campaign is sending, as everywhere in Sendmap: its state is healthy. */
export function isActive({ state }: Campaign): boolean {
  return state === 'healthy';
}
