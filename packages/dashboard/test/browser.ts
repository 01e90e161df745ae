import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'

/** Where `npm test` found a browser, or why there is none. */
const PATH = process.env['MILLRACE_TEST_BROWSER'] || undefined
export const noBrowser = PATH
  ? undefined
  : 'no Chromium: install it (apt-get install chromium) or set MILLRACE_TEST_BROWSER'

const SHOTS = resolve(import.meta.dirname, '../../../.millrace/screenshots')

export interface Visit {
  readonly page: Page
  /** Everything that the page complained about. */
  readonly complaints: string[]
  /** Keeps a picture of the page in .millrace/screenshots. */
  shoot(name: string, whole?: boolean): Promise<void>
  close(): Promise<void>
}

export interface VisitOptions {
  readonly dark?: boolean
  readonly width?: number
  readonly height?: number
}

export async function openBrowser() {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']
  const browser: Browser = await chromium.launch({ executablePath: PATH as string, args })
  return {
    /** A visitor of his own: no cookie, no choice of an earlier one. */
    async visit(url: string, { dark = false, width = 1360, height = 900 }: VisitOptions = {}): Promise<Visit> {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: dark ? 'dark' : 'light',
        reducedMotion: 'reduce',
      })
      const page = await context.newPage()
      page.setDefaultTimeout(15_000)
      const complaints: string[] = []
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(error.message))
      await page.goto(url)
      return {
        page,
        complaints,
        async shoot(name, whole = true) {
          mkdirSync(SHOTS, { recursive: true })
          await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: whole })
        },
        close: () => context.close(),
      }
    },
    close: () => browser.close(),
  }
}
