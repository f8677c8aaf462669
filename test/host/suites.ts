import { describeActivation } from './activation.test.ts';
import { describeApi } from './api.test.ts';
import { describeArguments } from './arguments.test.ts';
import { describeAutoRefresh } from './autoRefresh.test.ts';
import { describeCapacity } from './capacity.test.ts';
import { describeConnections } from './connections.test.ts';
import { describeDocuments } from './documents.test.ts';
import { describeAfter, describeBefore } from './isolation.test.ts';
import { describeExplanations } from './explain.test.ts';
import { describeHealth } from './health.test.ts';
import { describePlantedHealth } from './plantedHealth.test.ts';
import { describeHostile } from './hostile.test.ts';
import { describeReports } from './reports.test.ts';
import { describeRecovery } from './recovery.test.ts';
import { describeRows } from './rows.test.ts';
import { describeSample } from './sample.test.ts';
import { describeSnapshots } from './snapshot.test.ts';
import { describeSnoozes } from './snoozes.test.ts';
import { describeStore } from './store.test.ts';
import { describeThirdProvider } from './thirdProvider.test.ts';
import { describeWaits } from './waits.test.ts';

/** All suites, in their order: later ones build on the connections of earlier ones. */
export function describeAll(): void {
  describeBefore();
  describeActivation();
  describeStore();
  describeConnections();
  describeDocuments();
  describeHostile();
  describeApi();
  describeSnapshots();
  describeExplanations();
  describeReports();
  describeCapacity();
  describePlantedHealth();
  describeSample();
  describeRows();
  describeSnoozes();
  describeHealth();
  describeAutoRefresh();
  describeThirdProvider();
  describeRecovery();
  describeWaits();
  describeArguments();
  describeAfter();
}
