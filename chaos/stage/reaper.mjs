// Ends processes that would outlive whoever started this one: reads `+<pid>` and `-<pid>` lines, and when its standard
// input closes, because its owner ended in whatever way, kills those that are left.
import { createInterface } from 'node:readline'

const pids = new Set()
createInterface({ input: process.stdin })
  .on('line', (line) => (line.startsWith('+') ? pids.add(line.slice(1)) : pids.delete(line.slice(1))))
  .on('close', () => {
    for (const pid of pids) {
      try {
        process.kill(Number(pid), 'SIGKILL')
      } catch {
        // it has ended
      }
    }
  })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {}) // the owner decides
