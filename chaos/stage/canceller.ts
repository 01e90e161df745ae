// Cancels a workflow and is killed in the middle of it: node canceller.ts <redis url> <namespace> <workflow>
import { cancelWorkflow, connectBroker, poolKeys } from '@millrace/shared'

const [url = '', namespace = '', id = ''] = process.argv.slice(2)
const client = await connectBroker({ url, role: 'producer' })
let pages = 0
// asked for the time before every page: the second one is never sent
await cancelWorkflow(client, poolKeys(namespace), id, () => {
  if (++pages === 2) process.kill(process.pid, 'SIGKILL')
  return Date.now()
})
