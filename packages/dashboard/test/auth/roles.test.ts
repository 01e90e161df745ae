import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ENDPOINTS } from '../../src/api/endpoints.ts'
import { allows, ROLES, type Role } from '../../src/auth/roles.ts'
import { ask } from '../ask.ts'
import { openRoom, type Room } from '../room.ts'

const TOKENS: Record<Role, string> = { viewer: 'v'.repeat(32), operator: 'o'.repeat(32), admin: 'a'.repeat(32) }

describe('a dashboard with tokens', () => {
  let room: Room
  beforeAll(async () => {
    const tokens = ROLES.map((role) => `${role}:${TOKENS[role]}`).join(',')
    room = await openRoom({ MILLRACE_DASHBOARD_TOKENS: tokens })
  })
  afterAll(() => room?.close())

  const cases = ENDPOINTS.flatMap(({ method, path, role }) =>
    [undefined, ...ROLES].map((has) => ({ method, path, needs: role, has })),
  )
  it.each(cases)('lets $has do $method $path only if that is at least $needs', async ({ method, path, needs, has }) => {
    const address = path.slice(1).replaceAll(/:\w+/g, 'nothing')
    const { status } = await ask(room.url, address, {
      method,
      ...(has && { token: TOKENS[has] }),
      ...(method === 'POST' && { body: { x: 1 } }),
    })
    if (!has) expect(status).toBe(401)
    else if (!allows(has, needs)) expect(status).toBe(403)
    else expect([200, 400, 404]).toContain(status)
  })

  it('shows its pages and queues to nobody who has not signed in', async () => {
    for (const path of [
      '/workflows',
      '/workflows/x',
      '/dead-letters',
      '/overview',
      '/queues',
      '/queues/queue/default',
    ]) {
      const { status, headers } = await ask(room.url, path)
      expect([status, headers.get('location')], path).toEqual([302, `/sign-in?to=${encodeURIComponent(path)}`])
    }
    expect((await ask(room.url, '/queues/api/queues')).status).toBe(401)
    expect((await ask(room.url, '/sign-in')).status).toBe(200)
    expect((await ask(room.url, '/livez')).status).toBe(200)
  })

  it('signs in with a cookie that no script and no other site can use, and out again', async () => {
    const signedIn = await ask(room.url, '/sign-in', { body: { token: TOKENS.operator } })
    const cookie = signedIn.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^millrace_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/)
    const headers = { cookie: cookie.split(';')[0] as string }
    expect((await ask(room.url, 'summary', { headers })).status).toBe(200)
    const cancel = 'workflows/nobody/cancel'
    expect((await ask(room.url, cancel, { headers, body: {} })).status, 'no browser says where it is from').toBe(403)
    expect(
      (await ask(room.url, cancel, { headers: { ...headers, origin: 'http://evil.example' }, body: {} })).status,
    ).toBe(403)
    expect((await ask(room.url, cancel, { headers: { ...headers, origin: room.url }, body: {} })).status).toBe(404)
    await ask(room.url, '/sign-out', {
      method: 'POST',
      headers: { ...headers, origin: room.url, 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect((await ask(room.url, 'summary', { headers })).status).toBe(401)
  })

  it('answers ten guesses of a token per minute, and no more', async () => {
    const statuses = []
    for (let n = 0; n < 15; n++)
      statuses.push((await ask(room.url, '/sign-in', { body: { token: `guess-${n}` } })).status)
    expect(new Set(statuses)).toEqual(new Set([401, 429]))
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(10)
  })
})

describe('a rate limit', () => {
  it('refuses what comes beyond it, and says when to come back', async () => {
    const room = await openRoom({ MILLRACE_DASHBOARD_RATE_LIMIT: '10' })
    const answers = []
    for (let n = 0; n < 12; n++) answers.push(await ask(room.url, n % 2 ? 'summary' : '/nowhere'))
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(2)
    expect(answers.at(-1)).toMatchObject({ status: 429, json: { code: 'MILLRACE_TOO_MANY_REQUESTS' } })
    expect(Number(answers.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0)
    await room.close()
  })
})
