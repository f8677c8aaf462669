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
  openOverview: 'sendmap.openOverview',
  openAccount: 'sendmap.openAccount',
  openCampaign: 'sendmap.openCampaign',
  openCampaignsOfAccount: 'sendmap.openCampaignsOfAccount',
  openSendersOfCampaign: 'sendmap.openSendersOfCampaign',
  openSequencesOfCampaign: 'sendmap.openSequencesOfCampaign',
  openTagsOfAccount: 'sendmap.openTagsOfAccount',
  openTagsOfCampaign: 'sendmap.openTagsOfCampaign',
  openWorkspace: 'sendmap.openWorkspace',
  whyNotSending: 'sendmap.whyNotSending',
  checkDomain: 'sendmap.checkDomain',
  capacity: 'sendmap.capacity',
  whatIf: 'sendmap.whatIf',
  previewSequences: 'sendmap.previewSequences',
  openInWebApp: 'sendmap.openInWebApp',
  copyEmail: 'sendmap.copyEmail',
  copyEmails: 'sendmap.copyEmails',
  copyNames: 'sendmap.copyNames',
  copyRows: 'sendmap.copyRows',
  copyMessage: 'sendmap.copyMessage',
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
  showInAccounts: 'sendmap.showInAccounts',
  showInCampaigns: 'sendmap.showInCampaigns',
  exportRows: 'sendmap.exportRows',
  openRows: 'sendmap.openRows',
  groupCampaigns: 'sendmap.groupCampaigns',
  sortCampaigns: 'sendmap.sortCampaigns',
  filterCampaigns: 'sendmap.filterCampaigns',
  clearCampaignsFilter: 'sendmap.clearCampaignsFilter',
  exportCampaigns: 'sendmap.exportCampaigns',
  saveCampaignsFilter: 'sendmap.saveCampaignsFilter',
  renameFilter: 'sendmap.renameFilter',
  removeFilter: 'sendmap.removeFilter',
  revealInCampaigns: 'sendmap.revealInCampaigns',
  explainAccount: 'sendmap.explainAccount',
  explainCampaign: 'sendmap.explainCampaign',
  pickExplainAccount: 'sendmap.pickExplainAccount',
  pickExplainCampaign: 'sendmap.pickExplainCampaign',
  pickChanges: 'sendmap.pickChanges',
  whatChanged: 'sendmap.whatChanged',
  divideHealth: 'sendmap.divideHealth',
  filterHealth: 'sendmap.filterHealth',
  clearHealthFilter: 'sendmap.clearHealthFilter',
  snooze: 'sendmap.snooze',
  showSnoozed: 'sendmap.showSnoozed',
  showHealth: 'sendmap.showHealth',
  activateCampaign: 'sendmap.activateCampaign',
  pauseCampaign: 'sendmap.pauseCampaign',
  stopCampaign: 'sendmap.stopCampaign',
  deleteCampaign: 'sendmap.deleteCampaign',
  pauseAccounts: 'sendmap.pauseAccounts',
  resumeAccounts: 'sendmap.resumeAccounts',
  markFixed: 'sendmap.markFixed',
  setDailyLimit: 'sendmap.setDailyLimit',
  addSenders: 'sendmap.addSenders',
  removeSenders: 'sendmap.removeSenders',
  moveSenders: 'sendmap.moveSenders',
  planChange: 'sendmap.planChange',
  assignTags: 'sendmap.assignTags',
  removeTags: 'sendmap.removeTags',
  editCampaign: 'sendmap.editCampaign',
  applyDraft: 'sendmap.applyDraft',
  discardDraft: 'sendmap.discardDraft',
  openChangeLog: 'sendmap.openChangeLog',
  filterChangeLog: 'sendmap.filterChangeLog',
  exportChangeLog: 'sendmap.exportChangeLog',
  undoChange: 'sendmap.undoChange',
  resumeChange: 'sendmap.resumeChange',
  showLog: 'sendmap.showLog',
  // The same without a row, for titles and the palette: VS Code passes the focused row to a button in a title.
  refreshAll: 'sendmap.refreshAll',
  cancelAllSyncs: 'sendmap.cancelAllSyncs',
  pickAccount: 'sendmap.pickAccount',
  pickCampaign: 'sendmap.pickCampaign',
  pickCampaignsOfAccount: 'sendmap.pickCampaignsOfAccount',
  pickSendersOfCampaign: 'sendmap.pickSendersOfCampaign',
  pickSequencesOfCampaign: 'sendmap.pickSequencesOfCampaign',
  pickTagsOfAccount: 'sendmap.pickTagsOfAccount',
  pickTagsOfCampaign: 'sendmap.pickTagsOfCampaign',
  pickPreview: 'sendmap.pickPreview',
  pickInWebApp: 'sendmap.pickInWebApp',
  pickInAccounts: 'sendmap.pickInAccounts',
  pickInCampaigns: 'sendmap.pickInCampaigns',
} as const;

export type CommandId = (typeof commands)[keyof typeof commands];

/** The context key that is true where a connected service has that kind of document or change. */
export const hasKey = (kind: string) => `sendmap.has.${kind}`;

export const views = {
  health: 'sendmap.health',
  accounts: 'sendmap.accounts',
  campaigns: 'sendmap.campaigns',
} as const;

export type ViewId = (typeof views)[keyof typeof views];

export const viewContainer = 'sendmap';

/** The type of the overview's panel, by which VS Code brings it back. */
export const overviewPanel = 'sendmap.overview';

/** Which connection the overview shows, in the state of the workspace. */
export const overviewState = 'sendmap.overview';

/** Context keys that Sendmap sets for `when` clauses. */
export const contextKeys = {
  /** True once the other keys are set: what they say before that is not known. */
  started: 'sendmap.started',
  hasConnections: 'sendmap.hasConnections',
  hasSamples: 'sendmap.hasSamples',
  syncing: 'sendmap.syncing',
  /** True where a sync ended before it was through. */
  partial: 'sendmap.partial',
  accountsFiltered: 'sendmap.accountsFiltered',
  campaignsFiltered: 'sendmap.campaignsFiltered',
  healthFiltered: 'sendmap.healthFiltered',
  /** True where a person saved filters of that view. */
  accountsFiltersSaved: 'sendmap.accountsFiltersSaved',
  campaignsFiltersSaved: 'sendmap.campaignsFiltersSaved',
  snoozed: 'sendmap.snoozed',
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
  allowChanges: 'sendmap.allowChanges',
  rulesOff: 'sendmap.health.rulesOff',
  statusBar: 'sendmap.health.statusBar',
  notify: 'sendmap.health.notify',
} as const;

/** What all settings of health begin with. */
export const healthSection = 'sendmap.health';

/** Where rules draw their lines. */
export const healthSettings = {
  lowScore: 'sendmap.health.lowScore',
  scoreDrop: 'sendmap.health.scoreDrop',
  advisedLimit: 'sendmap.health.advisedLimit',
  mostCampaigns: 'sendmap.health.mostCampaigns',
  shortestGap: 'sendmap.health.shortestGap',
  unhealthyShare: 'sendmap.health.unhealthyShare',
  burntMailboxes: 'sendmap.health.burntMailboxes',
  bounceRate: 'sendmap.health.bounceRate',
} as const;

/** The scheme of Sendmap's documents. */
export const scheme = 'sendmap';

/** The scheme of the two sides of a comparison. */
export const compareScheme = 'sendmap-compare';

/** The scheme of the change log and of plans. */
export const changesScheme = 'sendmap-changes';

/** The scheme of drafts of campaigns, which can be written. */
export const draftScheme = 'sendmap-draft';

/** The scheme of the two sides of a review of a draft. */
export const reviewScheme = 'sendmap-review';

/** Where connections are kept in the global state, without their keys. */
export const connectionsState = 'sendmap.connections';

/** How a view groups and sorts, in the global state. */
export const viewState = (view: ViewId): string => `sendmap.view.${view}`;

/** What is snoozed, in the global state. */
export const snoozesState = 'sendmap.snoozes';

/** The filters that a person saved for a view, in the global state. */
export const savedFilters = (view: ViewId): string => `sendmap.filters.${view}`;

/** The folder of saved maps, in the extension's global storage. */
export const mapsFolder = 'maps';

/** The folder of saved answers, beside them. */
export const answersFolder = 'answers';

/** The folder of records of what maps said, beside them. */
export const recordsFolder = 'records';

/** The folder of drafts of campaigns, beside them. */
export const draftsFolder = 'drafts';

/** Not really a secret: a change of it notifies other windows that the list of connections changed. */
export const announcement = 'sendmap.connections.changed';

/** The name of a connection's secret. */
export const secretOf = (connectionId: string): string => `sendmap.key.${connectionId}`;

/** The folder of changes that were sent, beside them. */
export const changesFolder = 'changes';
