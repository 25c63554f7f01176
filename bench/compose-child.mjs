// One sample in a fresh process: node compose-child.mjs WORKLOAD PEER SECONDS → JSON on standard output.
import { composePeers } from './compose-peers.mjs';
import { composeWorkloads } from './workloads.mjs';

const [name, peer, seconds] = process.argv.slice(2);
const workload = composeWorkloads[name];
const prepare = await composePeers[peer](workload);
if (!prepare) {
  console.log(JSON.stringify({ skipped: true }));
} else {
  const compose = prepare(workload.make());
  const limit = Number(seconds) * 1000;
  const size = await compose();
  let peak = 0;
  const timed = async (ms) => {
    const cpu = process.cpuUsage();
    const started = performance.now();
    let count = 0;
    while (performance.now() - started < ms) {
      for (let i = 0; i < 8 && (i === 0 || size < 1_000_000); i += 1) {
        await compose();
        count += 1;
      }
      if (size > 1_000_000 || count % 512 === 0) peak = Math.max(peak, process.memoryUsage.rss());
    }
    const used = process.cpuUsage(cpu);
    return (used.user + used.system) / count;
  };
  await timed(limit / 3);
  const cpuUs = await timed(limit);
  console.log(
    JSON.stringify({ cpuUs, size, peakMb: Math.max(peak, process.memoryUsage.rss()) / 1048576 }),
  );
}
