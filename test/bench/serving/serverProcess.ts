import { monitorEventLoopDelay } from 'node:perf_hooks';

// One of the servers in a process of its own: its arguments are the server's name and the URL of its HealthImaging. It tells
// what it used of the machine since it was last asked.

export interface Usage {
  /** Of all its threads, in microseconds. */
  readonly cpu: number;
  readonly residentBytes: number;
  /** The longest that the event loop was late, in milliseconds. */
  readonly longestDelayMs: number;
}

const [name = '', endpoint = ''] = process.argv.slice(2);
const { start } = (await import(`./servers/${name}.ts`)) as { start: (endpoint: string) => Promise<string> };
const url = await start(endpoint);
const delays = monitorEventLoopDelay({ resolution: 5 });
delays.enable();
let last = process.cpuUsage();
process.on('message', () => {
  const { user, system } = process.cpuUsage(last);
  last = process.cpuUsage();
  const usage: Usage = {
    cpu: user + system,
    residentBytes: process.memoryUsage.rss(),
    longestDelayMs: delays.max / 1e6,
  };
  delays.reset();
  process.send?.(usage);
});
process.send?.(url);
