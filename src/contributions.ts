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
  openSequencesOfCampaign: 'sendmap.openSequencesOfCampaign',
  openTagsOfAccount: 'sendmap.openTagsOfAccount',
  openTagsOfCampaign: 'sendmap.openTagsOfCampaign',
  openWorkspace: 'sendmap.openWorkspace',
  previewSequences: 'sendmap.previewSequences',
  openInWebApp: 'sendmap.openInWebApp',
  copyEmail: 'sendmap.copyEmail',
  copyId: 'sendmap.copyId',
  copyJson: 'sendmap.copyJson',
  refresh: 'sendmap.refresh',
  refreshDocument: 'sendmap.refreshDocument',
  loadMore: 'sendmap.loadMore',
  compareSelected: 'sendmap.compareSelected',
  selectForCompare: 'sendmap.selectForCompare',
  compareWithSelected: 'sendmap.compareWithSelected',
  compareWithSaved: 'sendmap.compareWithSaved',
  copyCurl: 'sendmap.copyCurl',
  copyPath: 'sendmap.copyPath',
  saveJson: 'sendmap.saveJson',
  find: 'sendmap.find',
  cancelSync: 'sendmap.cancelSync',
  resumeSync: 'sendmap.resumeSync',
  clearCache: 'sendmap.clearCache',
  groupAccounts: 'sendmap.groupAccounts',
  sortAccounts: 'sendmap.sortAccounts',
  filterAccounts: 'sendmap.filterAccounts',
  clearAccountsFilter: 'sendmap.clearAccountsFilter',
  exportAccounts: 'sendmap.exportAccounts',
  saveAccountsFilter: 'sendmap.saveAccountsFilter',
  revealInAccounts: 'sendmap.revealInAccounts',
  groupCampaigns: 'sendmap.groupCampaigns',
  sortCampaigns: 'sendmap.sortCampaigns',
  filterCampaigns: 'sendmap.filterCampaigns',
  clearCampaignsFilter: 'sendmap.clearCampaignsFilter',
  exportCampaigns: 'sendmap.exportCampaigns',
  saveCampaignsFilter: 'sendmap.saveCampaignsFilter',
  renameFilter: 'sendmap.renameFilter',
  removeFilter: 'sendmap.removeFilter',
  revealInCampaigns: 'sendmap.revealInCampaigns',
  showLog: 'sendmap.showLog',
} as const;

export type CommandId = (typeof commands)[keyof typeof commands];

export const views = { accounts: 'sendmap.accounts', campaigns: 'sendmap.campaigns' } as const;

export type ViewId = (typeof views)[keyof typeof views];

export const viewContainer = 'sendmap';

/** Context keys that Sendmap sets for `when` clauses. */
export const contextKeys = {
  hasSamples: 'sendmap.hasSamples',
  syncing: 'sendmap.syncing',
  accountsFiltered: 'sendmap.accountsFiltered',
  campaignsFiltered: 'sendmap.campaignsFiltered',
  /** `account` or `campaign`, where one is selected to be compared. */
  compareKind: 'sendmap.compareKind',
} as const;

/** Settings, but for the base URLs: each service's profile names its own. */
export const settings = {
  timeout: 'sendmap.network.timeout',
  concurrency: 'sendmap.network.concurrency',
  requestsPerMinute: 'sendmap.network.requestsPerMinute',
  automaticPages: 'sendmap.accounts.automaticPages',
  refreshInterval: 'sendmap.sync.refreshInterval',
  cacheEnabled: 'sendmap.cache.enabled',
  ignoreVolatile: 'sendmap.compare.ignoreVolatile',
} as const;

/** The scheme of Sendmap's documents. */
export const scheme = 'sendmap';

/** The scheme of the two sides of a comparison. */
export const compareScheme = 'sendmap-compare';

/** Where connections are kept in the global state, without their keys. */
export const connectionsState = 'sendmap.connections';

/** How a view groups and sorts, in the global state. */
export const viewState = (view: ViewId): string => `sendmap.view.${view}`;

/** The filters that a person saved for a view, in the global state. */
export const savedFilters = (view: ViewId): string => `sendmap.filters.${view}`;

/** The folder of saved maps, in the extension's global storage. */
export const mapsFolder = 'maps';

/** The folder of saved answers, beside them. */
export const answersFolder = 'answers';

/** Not really a secret: a change of it notifies other windows that the list of connections changed. */
export const announcement = 'sendmap.connections.changed';

/** The name of a connection's secret. */
export const secretOf = (connectionId: string): string => `sendmap.key.${connectionId}`;
