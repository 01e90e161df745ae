import { publishHeartbeat, publishResources } from '@millrace/shared'
import { until } from '@millrace/shared/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noBrowser, openBrowser } from '../browser.ts'
import { HEARTBEAT } from '../heartbeat.ts'
import { GATED, openRoom, type Room } from '../room.ts'
import { wide } from '../wide.ts'

if (noBrowser) console.warn(`The tests of the pages are skipped: ${noBrowser}`)

/** Notes in the page how long each of its frames takes. */
const RECORD_FRAMES = `
  window.frames_ = []
  let last = performance.now()
  const frame = (now) => {
    window.frames_.push(now - last)
    last = now
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
`

/** Tables of which a part is out of sight to the side. */
const CUT_TABLES = `[...document.querySelectorAll('.scroll')]
  .filter((scroll) => scroll.scrollWidth > scroll.clientWidth + 1)
  .map((scroll) => scroll.querySelector('table').id)`

describe.skipIf(noBrowser)('the pages in a browser', () => {
  let room: Room
  let browser: Awaited<ReturnType<typeof openBrowser>>
  beforeAll(async () => {
    room = await openRoom()
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await room?.close()
  })

  it('show a workflow that failed, replay its dead job, and see it succeed', async () => {
    const { id } = await room.producer.submit(GATED)
    await room.until(id, 'failed')
    const visit = await browser.visit(`${room.url}/workflows`)
    const { page } = visit
    const row = page.locator('#list tbody tr', { hasText: id })
    await row.getByText('failed').waitFor()
    await visit.shoot('workflows')
    await row.getByRole('link').click()

    await page.getByRole('heading', { name: 'release' }).waitFor()
    await page.locator('#jobs tbody tr', { hasText: 'check' }).getByRole('button').click()
    const panel = page.locator('#panel')
    await panel.getByText('MILLRACE_TASK_FAILED').waitFor()
    await panel.getByText('the gate is shut').first().waitFor()
    await panel.getByText('"gate": "north"').waitFor()
    await visit.shoot('workflow-failed')

    room.broken.clear()
    await panel.getByRole('button', { name: 'Replay this job' }).click()
    await page.locator('#facts').getByText('succeeded').waitFor()
    await page.locator('#jobs tbody tr', { hasText: 'announce' }).getByText('succeeded').waitFor()
    await panel.getByText('"open": true').waitFor()
    await visit.shoot('workflow-succeeded')
    expect(visit.complaints).toEqual([])
    room.broken.add('gate')
    await visit.close()
  })

  it('show running jobs live, and cancel', async () => {
    const jobs = {
      first: { task: 'step' },
      second: { task: 'wait', needs: 'first' },
      third: { task: 'step', needs: 'second' },
    }
    const { id } = await room.producer.submit({ name: 'nightly', jobs })
    const visit = await browser.visit(`${room.url}/workflows/${id}`, { dark: true })
    const { page } = visit
    await page.locator('#jobs tbody tr', { hasText: 'second' }).getByText('active').waitFor()
    await page.locator('#live', { hasText: 'live' }).waitFor()
    await visit.shoot('workflow-running-dark')
    await page.getByRole('button', { name: 'Cancel', exact: true }).click()
    await page.getByRole('button', { name: 'Keep as it is' }).click()
    expect((await room.producer.summary(id))?.state).toBe('running')
    await page.getByRole('button', { name: 'Cancel', exact: true }).click()
    await visit.shoot('confirm-dark')
    await page.getByRole('button', { name: 'Cancel the workflow' }).click()
    await page.locator('#facts').getByText('cancelled').waitFor()
    expect((await room.producer.summary(id))?.state).toBe('cancelled')
    expect(visit.complaints).toEqual([])
    await visit.close()
  })

  it('filter the list by state and by name, and keep the filter in the address', async () => {
    const { id } = await room.producer.submit({ name: 'tidy', jobs: { one: { task: 'one' } } })
    await room.until(id, 'succeeded')
    const visit = await browser.visit(`${room.url}/workflows?state=succeeded`)
    const { page } = visit
    const states = page.locator('#list tbody td:nth-child(2)')
    await page.locator('#list tbody tr', { hasText: id }).waitFor()
    expect(new Set(await states.allTextContents())).toEqual(new Set(['succeeded']))
    await page.getByText('cancelled', { exact: true }).first().click()
    await page.locator('#list tbody tr', { hasText: 'nightly' }).waitFor()
    expect(new Set(await states.allTextContents())).toEqual(new Set(['cancelled']))
    expect(page.url()).toContain('state=cancelled')
    await page.getByText('all', { exact: true }).first().click()
    await page.getByLabel('Name').fill('tidy')
    await page.locator('#list tbody tr', { hasText: 'nightly' }).waitFor({ state: 'detached' })
    expect(await page.locator('#list tbody tr').count()).toBe(1)
    await page.getByLabel('Name').fill('nobody')
    await page.getByText('No workflow fits the filter.').waitFor()
    expect(visit.complaints).toEqual([])
    await visit.close()
  })

  it('group dead letters, show one, replay and discard', async () => {
    const ids = []
    for (let n = 0; n < 3; n++) ids.push((await room.producer.submit(GATED)).id)
    const { id: hostile } = await room.producer.submit({
      name: 'import',
      jobs: { read: { task: 'hostile', with: { file: 'a.csv' } } },
    })
    for (const id of [...ids, hostile]) await room.until(id, 'failed')
    const visit = await browser.visit(`${room.url}/dead-letters`)
    const { page } = visit
    const group = page.locator('#groups tbody tr', { hasText: 'gate' })
    await group.waitFor()
    await page.locator('#letters tbody tr').nth(3).waitFor()
    await visit.shoot('dead-letters')
    await page.locator('#letters tbody tr', { hasText: 'import' }).getByRole('button', { name: 'read' }).click()
    await page.locator('#panel').getByText('"file": "a.csv"').waitFor()
    await visit.shoot('dead-letter')
    await page.locator('#panel').getByRole('button', { name: 'Discard' }).click()
    await page.getByRole('button', { name: 'Discard for good' }).click()
    await page.locator('#letters tbody tr', { hasText: 'import' }).waitFor({ state: 'detached' })

    room.broken.clear()
    await group.getByRole('button', { name: 'Replay all' }).click()
    await page.getByRole('button', { name: 'Replay them' }).click()
    await page.getByText(/The pool replays 3 dead letters/).waitFor()
    await page.getByText('No dead letters: nothing has failed for good.').waitFor()
    for (const id of ids) await room.until(id, 'succeeded')
    expect(await page.title()).not.toBe('owned')
    expect(visit.complaints).toEqual([])
    room.broken.add('gate')
    await visit.close()
  })

  it('replay at a pace: show what would happen, follow it, pause, resume and stop it', async () => {
    const ids = []
    for (let n = 0; n < 12; n++) ids.push((await room.producer.submit(GATED)).id)
    for (const id of ids) await room.until(id, 'failed')
    room.broken.clear()
    const visit = await browser.visit(`${room.url}/dead-letters`)
    const { page } = visit
    await page.locator('#groups tbody tr', { hasText: 'gate' }).getByRole('button', { name: 'Replay all' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('12 jobs, the last after 240 ms').waitFor()
    await dialog.getByText('24 skipped jobs').waitFor()
    await dialog.getByLabel('Pace').fill('2')
    await dialog.getByText('12 jobs, the last after 6.0 s').waitFor()
    await dialog.getByLabel('Canary').fill('1')
    await visit.shoot('replay-dialog')
    await dialog.getByRole('button', { name: 'Replay them' }).click()

    const row = page.locator('#replays tbody tr').first()
    await row.getByText(/2 a second/).waitFor()
    await row.getByText(/canary 1, stops if failed > 10 %/).waitFor()
    await row.getByText(/[1-9]\d* succeeded/).waitFor()
    await row.getByRole('button', { name: 'Pause' }).click()
    await row.getByText('paused', { exact: true }).waitFor()
    await visit.shoot('replays')
    await row.getByRole('button', { name: 'Resume' }).click()
    await row.getByRole('button', { name: 'Stop' }).click()
    await page.getByRole('button', { name: 'Stop the replay' }).click()
    await row.getByText('stopped by hand').waitFor()
    await row.getByText(/left as they were/).waitFor()
    const { deadLetters } = await room.producer.counts()
    expect(deadLetters).toBeGreaterThan(0)

    await page.getByRole('button', { name: 'Replay all…' }).last().click()
    await dialog.getByLabel('Pace').fill('1000')
    await dialog.getByRole('button', { name: 'Replay them' }).click()
    for (const id of ids) await room.until(id, 'succeeded')
    await page.locator('#replays tbody tr').first().getByText('done').waitFor()
    expect(visit.complaints).toEqual([])
    room.broken.add('gate')
    await visit.close()
  })

  it('say why a job does not run, live, and what a workflow and a queue wait for', async () => {
    const { id } = await room.producer.submit({
      name: 'letters',
      jobs: { first: { task: 'wait' }, second: { task: 'step', needs: 'first' }, late: { task: 'step', delay: '1h' } },
    })
    await room.producer.pauses.pause('workflow', id)
    const visit = await browser.visit(`${room.url}/workflows/${id}#second`)
    const { page } = visit
    const panel = page.locator('#panel')
    await panel.getByText('Why does it not run?').waitFor()
    await panel.getByText(/It waits for 1 need: first/).waitFor()
    await panel.getByText(`millrace resume workflow ${id}`).waitFor()
    await page
      .locator('#why')
      .getByText(/It is delayed for another/)
      .waitFor()
    await visit.shoot('why')
    await room.producer.pauses.resume('workflow', id)
    await panel.getByText(/is paused/).waitFor({ state: 'detached' })
    await page
      .locator('#why')
      .getByText(/is paused/)
      .waitFor({ state: 'detached' })
    await page.goto(`${room.url}/overview`)
    await page.getByRole('button', { name: 'Why default does not run' }).click()
    await panel.getByText(/No live worker takes from the queue/).waitFor()
    await panel.getByText(/of 100,000 jobs/).waitFor()
    await visit.shoot('why-queue')
    expect(visit.complaints).toEqual([])
    await room.producer.cancel(id)
    await visit.close()
  })

  it('retry a workflow that failed', async () => {
    const { id } = await room.producer.submit(GATED)
    await room.until(id, 'failed')
    room.broken.clear()
    const visit = await browser.visit(`${room.url}/workflows/${id}`)
    await visit.page.getByRole('button', { name: 'Retry the workflow' }).click()
    await visit.page.getByText('1 dead job and 0 cancelled jobs run again.').waitFor()
    await visit.page.locator('#facts').getByText('succeeded').waitFor()
    expect(visit.complaints).toEqual([])
    room.broken.add('gate')
    await visit.close()
  })

  it('run an ended workflow again from a job on, and say what came of it', async () => {
    const jobs = { first: { task: 'step' }, second: { task: 'step', needs: 'first' } }
    const { id } = await room.producer.submit({ name: 'again', jobs })
    await room.until(id, 'succeeded')
    const visit = await browser.visit(`${room.url}/workflows/${id}#second`)
    const { page } = visit
    await page.getByRole('button', { name: 'Run again from here' }).click()
    await page.getByText('A new workflow runs second. It keeps what 1 other job gave.').waitFor()
    await page.getByRole('button', { name: 'Run again', exact: true }).click()
    await page.locator('#facts').getByText('Rerun of').waitFor()
    await page.locator('#facts').getByText('succeeded').waitFor()
    await visit.shoot('rerun')
    await page.locator('#facts').getByRole('link', { name: id }).click()
    await page.locator('#facts').getByText('Run again as').waitFor()
    expect((await room.producer.summary(id))?.reruns).toHaveLength(1)
    expect(visit.complaints).toEqual([])
    await visit.close()
  })

  it('give an overview, and pause and resume a queue', async () => {
    await publishHeartbeat(room.client, room.keys, 'w1', HEARTBEAT)
    await publishHeartbeat(room.client, room.keys, 'w2', {
      ...HEARTBEAT,
      name: 'worker-2',
      pid: 4712,
      unhealthy: [{ task: 'mail.send', since: Date.now() }],
    })
    await publishResources(room.client, room.keys, [
      { name: 'stripe', breaker: '5 failures in a row', bulkhead: '4 at once' },
      { name: 'postgres', breaker: '5 failures in a row', bulkhead: '16 at once' },
    ])
    await room.producer.resources.open('stripe', { why: 'maintenance until 14:00' })
    const visit = await browser.visit(`${room.url}/overview`)
    const { page } = visit
    const queue = page.locator('#queues tbody tr', { hasText: 'default' })
    await queue.getByRole('button', { name: 'Pause' }).click()
    await queue.getByText('paused').waitFor()
    await visit.shoot('overview')
    expect((await room.producer.queues.list())[0]?.paused).toBe(true)
    await queue.getByRole('button', { name: 'Resume' }).click()
    await queue.getByRole('button', { name: 'Pause' }).waitFor()
    expect((await room.producer.queues.list())[0]?.paused).toBe(false)
    const stripe = page.locator('#resources tbody tr', { hasText: 'stripe' })
    await stripe.getByRole('button', { name: 'Close breaker' }).click()
    await stripe.getByText('closed').waitFor()
    expect(visit.complaints).toEqual([])
    await visit.close()
  })

  it('draw 2,000 jobs and stay fluid', async () => {
    const { id } = await room.producer.submit(wide(2_000, 40))
    const visit = await browser.visit(`${room.url}/workflows/${id}`)
    const { page } = visit
    await page.locator('#jobs tbody tr', { hasText: 'step-1-1' }).first().waitFor()
    await visit.shoot('wide', false)
    await room.until(id, 'succeeded')
    await page.locator('#facts').getByText('succeeded').waitFor()
    const canvas = page.locator('#canvas')
    for (let n = 0; n < 12; n++) await page.getByRole('button', { name: 'Zoom in' }).click()
    const box = await canvas.boundingBox()
    if (!box) throw new Error('the canvas has no place')
    const paints = []
    for (const zoom of ['Fit', 'Zoom in', 'Zoom in', 'Zoom in', 'Zoom in', 'Zoom in', 'Zoom in']) {
      await page.getByRole('button', { name: zoom, exact: true }).click()
      await page.mouse.move(box.x + 600, box.y + 200)
      await page.mouse.down()
      for (let n = 0; n < 10; n++) {
        await page.mouse.move(box.x + 600 - n * 15, box.y + 200 + n * 2)
        paints.push(Number(await canvas.getAttribute('data-paint-ms')))
      }
      await page.mouse.up()
    }
    await visit.shoot('wide-near', false)
    const slowest = Math.max(...paints)
    console.log(`2,000 jobs: the slowest of ${paints.length} paints took ${slowest} ms`)
    expect(slowest).toBeLessThan(100)
    expect(visit.complaints).toEqual([])
    await visit.close()
  })

  it('stay fluid while 2,000 jobs are dragged and zoomed and a hundred of them end every second', async () => {
    const { id } = await room.producer.submit(wide(2_000, 20, 'slow')) // 20 at a time, 0.2 s each
    const visit = await browser.visit(`${room.url}/workflows/${id}`)
    const { page } = visit
    await page.locator('#jobs tbody tr').first().waitFor()
    await page.locator('#jobs tbody').getByText('succeeded').first().waitFor()
    const box = await page.locator('#canvas').boundingBox()
    if (!box) throw new Error('the canvas has no place')
    await page.locator('#canvas').focus()
    const before = (await room.producer.summary(id))?.jobs.succeeded ?? 0
    await page.evaluate(RECORD_FRAMES)
    const begun = performance.now()
    for (let n = 0; n < 24; n++) {
      const [x, y, way] = [box.x + box.width / 2, box.y + box.height / 2, n % 2 === 0 ? 1 : -1]
      await page.mouse.move(x, y)
      await page.mouse.wheel(0, n % 12 < 6 ? -300 : 300) // from all of it to a few dozen jobs, and back
      await page.mouse.down()
      for (let step = 1; step <= 6; step++) await page.mouse.move(x + way * step * 12, y + way * step * 4)
      await page.mouse.up()
    }
    const seconds = (performance.now() - begun) / 1_000
    const frames = (await page.evaluate('window.frames_')) as number[]
    const ended = ((await room.producer.summary(id))?.jobs.succeeded ?? 0) - before
    const sorted = frames.toSorted((a, b) => a - b)
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] as number
    console.log(
      `2,000 jobs, dragged and zoomed for ${seconds.toFixed(1)} s while ${Math.round(ended / seconds)} a second ended: ${frames.length} frames, ` +
        `median ${at(0.5).toFixed(1)} ms, 95 % within ${at(0.95).toFixed(1)} ms, the longest ${at(1).toFixed(1)} ms`,
    )
    expect(frames.length).toBeGreaterThan(20)
    expect(at(0.5)).toBeLessThan(50)
    await visit.shoot('wide-live', false)
    await room.producer.cancel(id)
    expect(visit.complaints).toEqual([])
    await visit.close()
  })

  it('can be used with keys alone', async () => {
    const { id } = await room.producer.submit({
      name: 'keys',
      jobs: { a: { task: 'a' }, b: { task: 'b', needs: 'a' } },
    })
    await room.until(id, 'succeeded')
    const visit = await browser.visit(`${room.url}/workflows/${id}`)
    const { page } = visit
    await page.locator('#jobs tbody tr').first().waitFor()
    await page.locator('#canvas').focus()
    await page.keyboard.press('ArrowRight')
    await page.locator('#focused', { hasText: 'a, succeeded' }).waitFor({ state: 'attached' })
    await page.keyboard.press('ArrowRight')
    await page.locator('#focused', { hasText: 'b, succeeded' }).waitFor({ state: 'attached' })
    await page.keyboard.press('Enter')
    await page.locator('#panel').getByRole('heading', { name: 'b' }).waitFor()
    await page.keyboard.press('Escape')
    await page.locator('#panel').waitFor({ state: 'hidden' })
    expect(visit.complaints).toEqual([])
    await visit.close()
  })

  it('are light or dark as the system says, until somebody chooses', async () => {
    const visit = await browser.visit(`${room.url}/workflows`, { dark: true })
    const { page } = visit
    const theme = () => page.locator('html').getAttribute('data-theme')
    await page.locator('#list tbody tr').first().waitFor()
    expect(await theme()).toBe('dark')
    await visit.shoot('workflows-dark')
    await page.getByRole('button', { name: /Theme/ }).click()
    expect(await theme()).toBe('light')
    await page.reload()
    expect(await theme()).toBe('light')
    expect(visit.complaints).toEqual([])
    await visit.close()
  })

  it.each([
    [400, false],
    [500, true],
    [1_280, true],
  ])('fit on a screen of %i px: nothing is wider than it, and nothing is cut', async (width, dark) => {
    const { id } = await room.producer.submit({ name: 'narrow', jobs: { a: { task: 'gate' } } })
    await room.until(id, 'failed')
    for (const path of ['/workflows', `/workflows/${id}`, '/dead-letters', '/overview']) {
      const visit = await browser.visit(`${room.url}${path}`, { width, height: 800, dark })
      await visit.page.locator('#live', { hasText: 'live' }).waitFor()
      await visit.page.locator('tbody tr').first().waitFor()
      expect(await visit.page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(width)
      expect(await visit.page.evaluate(CUT_TABLES), path).toEqual([])
      if (path.endsWith(id)) expect((await visit.page.locator('#canvas').boundingBox())?.height).toBeGreaterThan(200)
      await visit.shoot(`${width}${dark ? '-dark' : ''}-${path.split('/')[1]}${path.endsWith(id) ? '-one' : ''}`)
      await visit.close()
    }
  })

  it('ask for a token, and offer a viewer nothing that changes anything', async () => {
    const tokens = `viewer:${'v'.repeat(24)},admin:${'a'.repeat(24)}`
    const guarded = await openRoom({ MILLRACE_DASHBOARD_TOKENS: tokens })
    const { id } = await guarded.producer.submit(GATED)
    await guarded.until(id, 'failed')
    const visit = await browser.visit(`${guarded.url}/workflows/${id}`)
    const { page } = visit
    await page.getByLabel('Token').fill('this-is-not-the-token')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('This token is not known.').waitFor()
    await visit.shoot('sign-in')
    await page.getByLabel('Token').fill('v'.repeat(24))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.locator('#jobs tbody tr', { hasText: 'check' }).getByRole('button').click()
    await page.locator('#panel').getByText('the gate is shut').first().waitFor()
    expect(page.url()).toContain(id)
    expect(await page.getByRole('button', { name: /replay|cancel/i }).count()).toBe(0)
    const refused = await page.evaluate(
      `fetch('/api/v1/workflows/${id}/cancel', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }).then(({ status }) => status)`,
    )
    expect(refused).toBe(403)
    await page.getByRole('link', { name: 'Dead letters' }).click()
    await page.locator('#letters tbody tr', { hasText: 'check' }).waitFor()
    expect(await page.getByRole('button', { name: /replay|discard/i }).count()).toBe(0)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Token').waitFor()
    const refusals = visit.complaints.filter((one) => !/status of 40[13]/.test(one)) // the two that were meant
    expect(refusals).toEqual([])
    await visit.close()
    await guarded.close()
  })

  it('have Bull Board on every queue, new ones too, without what would break a workflow', async () => {
    await room.producer.submit({ name: 'elsewhere', jobs: { one: { task: 'one', queue: 'reports' } } })
    await until(async () => (await (await fetch(`${room.url}/queues/api/queues`)).text()).includes('"reports"'))
    const visit = await browser.visit(`${room.url}/queues/queue/default?status=completed`)
    const { page } = visit
    await page.getByText('reports').first().waitFor()
    await page.getByText('Workflow', { exact: true }).first().waitFor()
    await visit.shoot('bull-board')
    expect(await page.getByRole('button', { name: /empty|clean|retry|promote|obliterate|pause/i }).count()).toBe(0)
    expect(visit.complaints).toEqual([])
    await visit.close()
  })
})
