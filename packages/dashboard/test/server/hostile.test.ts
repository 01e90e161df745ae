import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../ask.ts'
import { openRoom, type Room } from '../room.ts'

const ADMIN = 'correct-horse-battery-staple'
const VIEWER = 'viewer-viewer-viewer-viewer'
const deep = '['.repeat(200_000)
const json = { 'content-type': 'application/json' }

interface Attack {
  readonly what: string
  readonly path: string
  readonly options?: Parameters<typeof ask>[2]
  readonly status: number | readonly number[]
}

const with_ = (token: string, body: unknown, headers = {}) => ({ token, body, headers })
const admin = (body: unknown, headers = {}) => with_(ADMIN, body, headers)

const ATTACKS: readonly Attack[] = [
  // bad bodies
  { what: 'no JSON at all', path: 'workflows', options: admin('{{{'), status: 400 },
  { what: 'half of a JSON', path: 'workflows', options: admin('{"workflow":'), status: 400 },
  {
    what: 'an empty body',
    path: 'workflows',
    options: { token: ADMIN, method: 'POST', headers: json, body: '' },
    status: 400,
  },
  { what: 'a list for an object', path: 'workflows', options: admin('[]'), status: 400 },
  { what: 'null for an object', path: 'workflows', options: admin('null'), status: 400 },
  {
    what: 'a very deep list',
    path: 'workflows',
    options: admin(`{"workflow":{"name":"x","jobs":${deep}`),
    status: [400, 413],
  },
  {
    what: 'a deep workflow',
    path: 'workflows',
    options: admin({
      workflow: { name: 'x', jobs: { a: { task: 't', with: JSON.parse(`${'['.repeat(900)}${']'.repeat(900)}`) } } },
    }),
    status: [400, 422],
  },
  {
    what: '__proto__ as a field',
    path: 'workflows',
    options: admin('{"workflow":"name: x","__proto__":{"admin":true}}'),
    status: 400,
  },
  {
    what: 'constructor.prototype as a field',
    path: 'workflows',
    options: admin('{"workflow":"x","constructor":{"prototype":{"x":1}}}'),
    status: 400,
  },
  {
    what: 'a body that is too large',
    path: 'workflows',
    options: admin({ workflow: 'x'.repeat(200_000) }),
    status: 413,
  },
  {
    what: 'a body that says it is larger than it is',
    path: 'workflows',
    options: admin('{}', { 'content-encoding': 'gzip' }),
    status: [400, 415],
  },
  {
    what: 'text as a body',
    path: 'workflows',
    options: admin('name: x', { 'content-type': 'text/plain' }),
    status: 415,
  },
  {
    what: 'a form as a body',
    path: 'workflows',
    options: admin('workflow=x', { 'content-type': 'application/x-www-form-urlencoded' }),
    status: 415,
  },
  {
    what: 'XML as a body',
    path: 'workflows',
    options: admin('<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>', {
      'content-type': 'application/xml',
    }),
    status: 415,
  },
  {
    what: 'YAML that grows without end',
    path: 'workflows',
    options: admin(
      'a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]',
      { 'content-type': 'application/yaml' },
    ),
    status: 422,
  },
  {
    what: 'YAML that builds objects',
    path: 'workflows',
    options: admin('name: !!js/function "function(){}"\njobs: {}', { 'content-type': 'application/yaml' }),
    status: 422,
  },
  {
    what: 'an id that is a path',
    path: 'workflows',
    options: admin({ workflow: 'name: x', id: '../../x' }),
    status: 400,
  },
  {
    what: 'an id with a line break',
    path: 'workflows',
    options: admin({ workflow: 'name: x', id: 'x\r\ny' }),
    status: 400,
  },
  {
    what: 'a job named like a script',
    path: 'workflows',
    options: admin({ workflow: { name: '<script>alert(1)</script>', jobs: { '<b>': { task: 't' } } } }),
    status: 422,
  },
  {
    what: 'a number where a word belongs',
    path: 'workflows',
    options: admin({ workflow: { name: 7, jobs: 7 } }),
    status: 422,
  },
  { what: 'ids that are objects', path: 'dead-letters/replay', options: admin({ ids: [{ $gt: '' }] }), status: 400 },
  { what: 'no ids and no filter', path: 'dead-letters/discard', options: admin({}), status: 400 },
  {
    what: 'an unknown filter',
    path: 'dead-letters/discard',
    options: admin({ filter: { everything: true } }),
    status: 400,
  },
  {
    what: 'a hundred thousand ids',
    path: 'dead-letters/replay',
    options: admin({ ids: Array(10_001).fill('x') }),
    status: [400, 413],
  },
  { what: 'a pace below nothing', path: 'replays', options: admin({ filter: {}, ratePerSecond: -1 }), status: 400 },
  {
    what: 'a pace without end',
    path: 'replays',
    options: admin('{"filter":{},"ratePerSecond":1e999}'),
    status: 400,
  },
  { what: 'half a canary', path: 'replays', options: admin({ filter: {}, canary: 0.5 }), status: 400 },
  {
    what: 'a stop rule that is a script',
    path: 'replays',
    options: admin({ filter: {}, stopIf: '<script>alert(1)</script>' }),
    status: 422,
  },
  {
    what: 'letters and a filter at once',
    path: 'replays',
    options: admin({ ids: ['x'], filter: {} }),
    status: 400,
  },
  {
    what: 'a rehearsal of an unknown filter',
    path: 'replays/rehearse',
    options: with_(VIEWER, { filter: { $where: '1' } }),
    status: 400,
  },
  // wrong tokens
  { what: 'no token', path: 'workflows', status: 401 },
  { what: 'a wrong token', path: 'workflows', options: { token: 'wrong-wrong-wrong-wrong' }, status: 401 },
  { what: 'the beginning of a token', path: 'workflows', options: { token: ADMIN.slice(0, -1) }, status: 401 },
  { what: 'a token and more', path: 'workflows', options: { token: `${ADMIN}x` }, status: 401 },
  { what: 'a token in the query', path: `workflows?token=${ADMIN}`, status: 401 },
  {
    what: 'a token as a user name',
    path: 'workflows',
    options: { headers: { authorization: `Basic ${btoa(`admin:${ADMIN}`)}` } },
    status: 401,
  },
  { what: 'an empty token', path: 'workflows', options: { headers: { authorization: 'Bearer ' } }, status: 401 },
  {
    what: 'a session that nobody opened',
    path: 'workflows',
    options: { headers: { cookie: 'millrace_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' } },
    status: 401,
  },
  {
    what: 'a session that is an object',
    path: 'workflows',
    options: { headers: { cookie: 'millrace_session=__proto__' } },
    status: 401,
  },
  { what: 'a token that is a list', path: '/sign-in', options: { body: { token: [ADMIN] } }, status: 401 },
  {
    what: 'a forged address',
    path: 'workflows',
    options: { headers: { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': 'localhost' } },
    status: 401,
  },
  {
    what: 'a viewer who submits',
    path: 'workflows',
    options: with_(VIEWER, { workflow: 'name: x\njobs: { a: { task: t } }' }),
    status: 403,
  },
  { what: 'a viewer who cancels', path: 'workflows/safe/cancel', options: with_(VIEWER, {}), status: 403 },
  { what: 'a viewer who discards', path: 'dead-letters/discard', options: with_(VIEWER, { filter: {} }), status: 403 },
  { what: 'a viewer who replays at a pace', path: 'replays', options: with_(VIEWER, { filter: {} }), status: 403 },
  { what: 'a viewer who stops a replay', path: 'replays/r1/stop', options: with_(VIEWER, {}), status: 403 },
  { what: 'a viewer who retries', path: 'workflows/safe/retry', options: with_(VIEWER, {}), status: 403 },
  { what: 'a viewer who reruns', path: 'workflows/safe/rerun', options: with_(VIEWER, { from: 'a' }), status: 403 },
  { what: 'a viewer who pauses', path: 'queues/default/pause', options: with_(VIEWER, {}), status: 403 },
  {
    what: 'another method in a header',
    path: 'workflows/safe/cancel',
    options: with_(VIEWER, {}, { 'x-http-method-override': 'GET' }),
    status: 403,
  },
  // path tricks
  { what: 'a way out of the assets', path: '/assets/%2e%2e/package.json', status: [400, 403, 404] },
  { what: 'a longer way out', path: '/assets/..%2f..%2f..%2f..%2fetc%2fpasswd', status: [400, 403, 404] },
  { what: 'a way out with backslashes', path: '/assets/..%5c..%5cpackage.json', status: [400, 403, 404] },
  { what: 'a zero byte', path: '/assets/style.css%00.js', status: [400, 403, 404] },
  { what: 'a hidden file', path: '/assets/.env', status: [403, 404] },
  { what: 'broken escapes', path: 'workflows/%E0%A4%A', options: { token: ADMIN }, status: [400, 404] },
  { what: 'a script as an id', path: 'workflows/%3Cscript%3E', options: { token: ADMIN }, status: 400 },
  {
    what: 'a page of a script',
    path: '/workflows/%3Cscript%3Ealert(1)%3C%2Fscript%3E',
    options: { token: ADMIN },
    status: 404,
  },
  {
    what: 'a key of Redis as a workflow',
    path: `workflows/${encodeURIComponent('{millrace:0}/workers')}`,
    options: { token: ADMIN },
    status: 400,
  },
  { what: 'a key of Redis as a replay', path: 'replays/x%2Fletters', options: { token: ADMIN }, status: 400 },
  { what: 'a replay of the prototype', path: 'replays/constructor', options: { token: ADMIN }, status: 404 },
  { what: 'why of a script', path: 'workflows/%3Cb%3E/why', options: { token: ADMIN }, status: 400 },
  {
    what: 'why of a job that is a path',
    path: 'workflows/safe/jobs/..%2f..%2fx/why',
    options: { token: ADMIN },
    status: 404,
  },
  { what: 'why of a queue that is a key', path: 'queues/%7Bx%7D%3A0/why', options: { token: ADMIN }, status: 400 },
  { what: 'why of the dead letters', path: 'queues/dead-letters/why', options: { token: ADMIN }, status: 404 },
  {
    what: 'a very long path',
    path: `workflows/${'x'.repeat(5_000)}`,
    options: { token: ADMIN },
    status: [400, 404, 414],
  },
  { what: 'a field of the prototype as an id', path: 'workflows/__proto__', options: { token: ADMIN }, status: 404 },
  {
    what: 'a way out of Bull Board',
    path: '/queues/static/..%2f..%2fpackage.json',
    options: { token: ADMIN },
    status: [400, 403, 404],
  },
  {
    what: 'obliterating with Bull Board',
    path: '/queues/api/queues/default/obliterate',
    options: { token: ADMIN, method: 'PUT' },
    status: 404,
  },
  {
    what: 'emptying with Bull Board',
    path: '/queues/api/queues/default/empty',
    options: { token: ADMIN, method: 'PUT' },
    status: 404,
  },
  {
    what: 'removing with Bull Board',
    path: '/queues/api/queues/default/safe.a/clean',
    options: { token: ADMIN, method: 'PUT' },
    status: 404,
  },
  {
    what: 'adding with Bull Board',
    path: '/queues/api/queues/default/add',
    options: admin({ name: 'x' }),
    status: 404,
  },
  { what: 'another method', path: 'workflows', options: { token: ADMIN, method: 'DELETE' }, status: 404 },
  { what: 'a list of absurd length', path: 'workflows?limit=99999999999999', options: { token: ADMIN }, status: 400 },
  { what: 'a negative place', path: 'dead-letters?after=-1', options: { token: ADMIN }, status: 400 },
  { what: 'a parameter twice', path: 'workflows?limit=1&limit=2', options: { token: ADMIN }, status: 400 },
  { what: 'a parameter that is an object', path: 'workflows?state[$ne]=x', options: { token: ADMIN }, status: 400 },
]

describe('a hostile request', () => {
  let room: Room
  let before: string
  const everything = async () => {
    const keys = (await room.client.keys(`${room.keys.prefix}*`)).filter(
      (key) => !/:lock$|sweeper|stalled|:marker$|:meta$|:id$/.test(key),
    )
    return keys.toSorted().join('\n') + JSON.stringify(await room.producer.get('safe'))
  }
  beforeAll(async () => {
    room = await openRoom({
      MILLRACE_DASHBOARD_TOKENS: `admin:${ADMIN},viewer:${VIEWER}`,
      MILLRACE_DASHBOARD_MAX_BODY_BYTES: '100000',
    })
    await room.producer.submit({ name: 'safe', jobs: { a: { task: 'gate' } } }, { id: 'safe' })
    await room.until('safe', 'failed')
    before = await everything()
  })
  afterAll(() => room?.close())

  it.each(ATTACKS)('with $what is refused, changes nothing and leaks nothing', async ({ path, options, status }) => {
    const answer = await ask(room.url, path, options)
    expect([status].flat()).toContain(answer.status)
    expect(answer.text).not.toMatch(/node_modules|at \w+ \(|\/src\/|redis:|root:|ERR |EVALSHA/)
    expect(answer.text).not.toContain(ADMIN)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/) // so no browser reads it as a page
    expect(answer.json).toMatchObject({
      code: expect.stringMatching(/^MILLRACE_/),
      message: expect.any(String),
      issues: expect.any(Array),
    })
    expect(await everything()).toBe(before)
  })

  it.each([
    'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX',
    'GET /workflows HTTP/1.1\r\n\r\n',
    `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`,
    '\u0000\u0001\u0002\r\n\r\n',
  ])('that is no proper HTTP is refused (%#)', async (text) => {
    const { hostname, port } = new URL(room.url)
    const said = await new Promise<string>((resolve) => {
      let all = ''
      const socket = connect(Number(port), hostname, () => socket.end(text))
      socket.on('data', (part) => {
        all += String(part)
      })
      socket.on('error', () => {}) // it is closed while we still talk
      socket.on('close', () => resolve(all))
    })
    expect(said).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(await everything()).toBe(before)
  })

  it('leaves no token and nothing of the inside in the log', () => {
    expect(room.lines.join('\n')).not.toContain(ADMIN)
    expect(room.lines.filter((line) => line.includes('a request failed'))).toEqual([])
  })

  it('finds strict headers on every page', async () => {
    const { headers } = await ask(room.url, '/sign-in')
    expect(headers.get('content-security-policy')).toContain("script-src 'self';")
    expect(headers.get('content-security-policy')).not.toContain('unsafe')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('x-powered-by')).toBeNull()
  })
})

describe('a dashboard without tokens', () => {
  let room: Room
  beforeAll(async () => {
    room = await openRoom()
  })
  afterAll(() => room?.close())

  it('does nothing for a page of another site', async () => {
    for (const headers of [{ origin: 'http://evil.example' }, { 'sec-fetch-site': 'cross-site' }, { origin: 'null' }]) {
      const body = { workflow: { name: 'x', jobs: { a: { task: 't' } } } }
      expect(await ask(room.url, 'workflows', { body, headers })).toMatchObject({
        status: 403,
        json: { code: 'MILLRACE_FORBIDDEN' },
      })
    }
    expect(await room.producer.list()).toEqual([])
  })

  it('answers to names of this machine alone', async () => {
    const { port, hostname } = new URL(room.url)
    const statusFor = (host: string) =>
      new Promise<string>((resolve) => {
        const socket = connect(Number(port), hostname, () =>
          socket.write(`GET /api/v1/summary HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
        )
        socket.once('data', (part) => resolve(String(part).slice(9, 12)))
      })
    expect(await statusFor(`evil.example:${port}`)).toBe('403')
    expect(await statusFor(`localhost:${port}`)).toBe('200')
  })
})
