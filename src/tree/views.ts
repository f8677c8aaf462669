/** The rows of both views; loaded with the first row. */
export { createAccountsView } from './accountsView.ts';
export { createCampaignsView } from './campaignsView.ts';
