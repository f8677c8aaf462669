/**
 * Every name that the manifest and the code share. A test compares this file with `package.json`, so that neither can
 * have a command, view, setting or context key that the other lacks.
 */

export const commands = {
  addConnection: 'sendmap.addConnection',
  replaceKey: 'sendmap.replaceKey',
  renameConnection: 'sendmap.renameConnection',
  removeConnection: 'sendmap.removeConnection',
  checkKey: 'sendmap.checkKey',
  openSampleWorkspace: 'sendmap.openSampleWorkspace',
  removeSampleWorkspace: 'sendmap.removeSampleWorkspace',
  openAccount: 'sendmap.openAccount',
  openCampaign: 'sendmap.openCampaign',
  openCampaignsOfAccount: 'sendmap.openCampaignsOfAccount',
  openSendersOfCampaign: 'sendmap.openSendersOfCampaign',
  openTagsOfAccount: 'sendmap.openTagsOfAccount',
  openTagsOfCampaign: 'sendmap.openTagsOfCampaign',
  openWorkspace: 'sendmap.openWorkspace',
  openInWebApp: 'sendmap.openInWebApp',
  copyEmail: 'sendmap.copyEmail',
  copyId: 'sendmap.copyId',
  copyJson: 'sendmap.copyJson',
  refresh: 'sendmap.refresh',
  refreshDocument: 'sendmap.refreshDocument',
  loadMore: 'sendmap.loadMore',
  showLog: 'sendmap.showLog',
} as const;

export type CommandId = (typeof commands)[keyof typeof commands];

export const views = { accounts: 'sendmap.accounts' } as const;

export const viewContainer = 'sendmap';

/** Context keys that Sendmap sets for `when` clauses. */
export const contextKeys = { hasSamples: 'sendmap.hasSamples' } as const;

export const settings = {
  instantlyBaseUrl: 'sendmap.instantly.baseUrl',
  smartleadBaseUrl: 'sendmap.smartlead.baseUrl',
  timeout: 'sendmap.network.timeout',
  concurrency: 'sendmap.network.concurrency',
  requestsPerMinute: 'sendmap.network.requestsPerMinute',
  automaticPages: 'sendmap.accounts.automaticPages',
} as const;

/** The scheme of Sendmap's documents. */
export const scheme = 'sendmap';

/** Where connections are kept in the global state, without their keys. */
export const connectionsState = 'sendmap.connections';

/** The name of a connection's secret. */
export const secretOf = (connectionId: string): string => `sendmap.key.${connectionId}`;
