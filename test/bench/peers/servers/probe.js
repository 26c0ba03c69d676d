import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';

// Imported into each server before its own code: tells the bench what the process has used since it was last asked.

const eventLoop = monitorEventLoopDelay({ resolution: 10 });
eventLoop.enable();
let before = process.cpuUsage();

process.on('message', () => {
  const { user, system } = process.cpuUsage(before);
  process.send?.({
    cpuMicroseconds: user + system,
    residentBytes: process.memoryUsage.rss(),
    eventLoopP99Ms: Math.max(0, eventLoop.percentile(99) / 1e6 - 10),
  });
  eventLoop.reset();
  before = process.cpuUsage();
});
process.on('disconnect', () => process.exit());
