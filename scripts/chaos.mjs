// npm run chaos [-- <filter>]: every promise under real failures. npm run chaos -- --soak [minutes]: memory over time.
import { openBroker } from './broker.mjs'
import { run, workspaceEnv } from './install.mjs'
import { runTests } from './run-tests.mjs'

const [first, minutes = '10', ...rest] = process.argv.slice(2)
if (first !== '--soak') process.exit(await runTests(['--project', 'chaos', ...process.argv.slice(2)]))

if (!(Number(minutes) > 0) || rest.length > 0) {
  console.error('Usage: npm run chaos -- --soak [minutes, default 10]')
  process.exit(2)
}
const broker = await openBroker({ durable: false, log: console.error }).catch((error) => {
  console.error(`${error.message}${error.code ? ` [${error.code}]` : ''}`)
  process.exit(3)
})
const status = run(process.execPath, ['chaos/soak/soak.ts', broker.url, minutes], { env: workspaceEnv() })
await broker.close()
process.exit(status)
