// Watches the extension host from inside, as another extension lives in it: how long it was blocked, how soon a command
// of another extension is answered, what memory it takes. Figures are those since they were asked for last.
const { Buffer } = require('node:buffer');
const { openSync, readSync } = require('node:fs');
const { createServer } = require('node:http');
const { PerformanceObserver } = require('node:perf_hooks');
const { setInterval } = require('node:timers');
const { setTimeout: sleep } = require('node:timers/promises');
const { URL } = require('node:url');
const v8 = require('node:v8');
const vm = require('node:vm');
const vscode = require('vscode');

/** Between two looks at the clock, in milliseconds. */
const TICK = 5;
/** Commands between two ways to the workbench and back. */
const TRIP = 20;

/** Milliseconds that this thread has computed; 0 where this Node.js cannot say. */
function threadCpu() {
  const { user, system } = process.threadCpuUsage?.() ?? { user: 0, system: 0 };
  return (user + system) / 1000;
}

/**
 * Says for how many milliseconds this thread was ready and others had its core; always 0 where the system does not say.
 * The file stays open: it is read at each look at the clock.
 */
function threadWaiter() {
  try {
    const file = openSync('/proc/thread-self/schedstat');
    const text = Buffer.alloc(128);
    return () => Number(text.latin1Slice(0, readSync(file, text, 0, text.length, 0)).split(' ')[1]) / 1e6;
  } catch {
    return () => 0;
  }
}

exports.watch = async () => {
  let block = 0;
  let blockAt = 0;
  // The same less what others had of the core meanwhile, which is no fault of what runs here.
  let ownBlock = 0;
  const threadWait = threadWaiter();
  let lastWait = threadWait();
  // The most that this thread computed without a break.
  let computed = 0;
  let lastCpu = threadCpu();
  let last = performance.now();
  let since = last;
  let answers = [];
  let trips = [];
  setInterval(() => {
    const now = performance.now();
    const cpuNow = threadCpu();
    const waitNow = threadWait();
    if (now - last - TICK > block) {
      block = now - last - TICK;
      blockAt = now - since;
    }
    ownBlock = Math.max(ownBlock, now - last - TICK - (waitNow - lastWait));
    computed = Math.max(computed, cpuNow - lastCpu);
    last = now;
    lastWait = waitNow;
    lastCpu = cpuNow;
  }, TICK);
  // The collector stops everything too, for longest where much is alive.
  let collection = 0;
  const collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      collection = Math.max(collection, duration);
    }
  });
  collections.observe({ entryTypes: ['gc'] });
  vscode.commands.registerCommand('sendmapCompanion.ping', () => 'pong');
  void (async () => {
    for (let count = 1; ; count += 1) {
      const due = performance.now() + 25;
      await sleep(25);
      await vscode.commands.executeCommand('sendmapCompanion.ping');
      answers.push(performance.now() - due);
      // The way to the workbench and back, which each command from a key or a menu takes; the workbench paints meanwhile.
      // It looks at all its menus again each time, which takes from a machine with few cores what is measured.
      if (count % TRIP === 0) {
        const begun = performance.now();
        await vscode.commands.executeCommand('setContext', 'sendmapCompanion.ping', begun);
        trips.push(performance.now() - begun);
      }
    }
  })();
  const api = await vscode.extensions.getExtension('sendmap.sendmap').activate();
  let changes = 0;
  let cpu = process.cpuUsage();
  let [firstChange, lastChange] = [0, 0];
  api.onDidChangeMap(() => {
    changes += 1;
    lastChange = performance.now();
    firstChange ||= lastChange;
  });
  const sortedOf = (times) => times.sort((a, b) => a - b);
  const middleOf = (times) => sortedOf(times)[Math.floor(times.length / 2)] ?? 0;
  const questions = {
    figures() {
      const figures = {
        block,
        blockAt,
        ownBlock,
        computed,
        collection,
        answers: answers.length,
        median: middleOf(answers),
        worst: sortedOf(answers).at(-1) ?? 0,
        trip: middleOf(trips),
        worstTrip: sortedOf(trips).at(-1) ?? 0,
        changes,
        cpu: process.cpuUsage(cpu).user / 1000,
        changing: lastChange - firstChange,
        resident: process.memoryUsage.rss(),
      };
      [block, ownBlock, collection, computed] = [0, 0, 0, 0];
      since = performance.now();
      cpu = process.cpuUsage();
      answers = [];
      trips = [];
      [changes, firstChange, lastChange] = [0, 0, 0];
      return figures;
    },
    /** What is alive, in bytes. */
    async heap() {
      v8.setFlagsFromString('--expose-gc');
      const collect = vm.runInNewContext('gc');
      collect();
      // What was only kept until a later turn goes with the second.
      await sleep(100);
      collect();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    },
    async map() {
      const [connection] = api.connections();
      const { complete, missing, accounts, campaigns, senders } = await api.map(connection.id);
      return {
        complete,
        missing,
        accounts: accounts.length,
        campaigns: campaigns.length,
        senders: senders.length,
      };
    },
    run: (command, ...values) => vscode.commands.executeCommand(command, ...values),
  };
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://127.0.0.1');
    try {
      const values = JSON.parse(searchParams.get('values') ?? '[]');
      response.end(JSON.stringify((await questions[pathname.slice(1)](...values)) ?? null));
    } catch (error) {
      response.statusCode = 500;
      response.end(String(error));
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address().port;
};
