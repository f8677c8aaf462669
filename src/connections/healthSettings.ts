import * as vscode from 'vscode';
import { healthSettings, settings } from '../contributions.ts';
import { rules, type RuleId } from '../health/rules/index.ts';
import { defaultThresholds, thresholdBounds, type Thresholds } from '../health/thresholds.ts';

/** The thresholds as the settings have them. What they refuse, and a file of settings may have anyway, is the default. */
export function thresholdsFromSettings(): Thresholds {
  const configuration = vscode.workspace.getConfiguration();
  const read = (name: keyof Thresholds): number => {
    const value: unknown = configuration.get(healthSettings[name]);
    const [least, most] = thresholdBounds[name];
    return typeof value === 'number' && value >= least && value <= most && value < Infinity
      ? value
      : defaultThresholds[name];
  };
  return {
    lowScore: read('lowScore'),
    scoreDrop: read('scoreDrop'),
    advisedLimit: read('advisedLimit'),
    mostCampaigns: read('mostCampaigns'),
    shortestGap: read('shortestGap'),
    unhealthyShare: read('unhealthyShare'),
    burntMailboxes: read('burntMailboxes'),
    bounceRate: read('bounceRate'),
  };
}

/** Rules that are turned off. */
export function rulesTurnedOff(): ReadonlySet<RuleId> {
  const value: unknown = vscode.workspace.getConfiguration().get(settings.rulesOff);
  const off: readonly unknown[] = Array.isArray(value) ? value : [];
  return new Set(rules.map(({ id }) => id).filter((id) => off.includes(id)));
}

/** A setting that is on or off. */
export function isOn(name: string, otherwise: boolean): boolean {
  const value: unknown = vscode.workspace.getConfiguration().get(name);
  return typeof value === 'boolean' ? value : otherwise;
}
