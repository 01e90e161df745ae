import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A door before a Redis that can be shut: open connections break, and new ones are refused. */
export interface Door {
  readonly url: string
  shut(): Promise<void>
  open(): Promise<void>
  close(): Promise<void>
}

/** @param port where the Redis listens on this machine */
export async function openDoor(port: number): Promise<Door> {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const broker = connect(port, '127.0.0.1')
    for (const socket of [client, broker]) {
      sockets.add(socket)
      socket.on('error', () => {}) // closes both
      socket.once('close', () => {
        sockets.delete(socket)
        client.destroy()
        broker.destroy()
      })
    }
    client.pipe(broker)
    broker.pipe(client)
  })
  let own = 0
  const open = async () => {
    server.listen(own, '127.0.0.1')
    await once(server, 'listening')
    own = (server.address() as AddressInfo).port
  }
  const shut = async () => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  await open()
  return { url: `redis://127.0.0.1:${own}`, open, shut, close: async () => void (server.listening && (await shut())) }
}
