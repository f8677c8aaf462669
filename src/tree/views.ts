/** The rows of all views; loaded with the first row. */
export { createAccountsView } from './accountsView.ts';
export { createCampaignsView } from './campaignsView.ts';
export { createHealthView } from './healthView.ts';
