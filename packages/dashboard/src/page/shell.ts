import type { Role } from '../auth/roles.ts'
import { type Html, html } from './html.ts'

export interface Page {
  readonly title: string
  /** The place in the navigation that is marked. */
  readonly at: 'workflows' | 'dead-letters' | 'overview' | undefined
  /** A module below `/assets/`. */
  readonly script: string
  readonly body: Html
}

export interface Visitor {
  readonly role: Role | undefined
  /** False where everybody is `admin`: there is nobody to sign out. */
  readonly signedIn: boolean
}

const PLACES = [
  ['workflows', '/workflows', 'Workflows'],
  ['dead-letters', '/dead-letters', 'Dead letters'],
  ['overview', '/overview', 'Overview'],
] as const

const MARK = html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><circle cx="5" cy="12" r="3"/><circle cx="19" cy="5" r="3"/><circle cx="19" cy="19" r="3"/><path d="M8 11 16 6M8 13l8 5"/></svg>`

/** A whole page: its frame is made here, what it shows is fetched by its script. */
export const page = ({ title, at, script, body }: Page, { role, signedIn }: Visitor): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="role" content="${role ?? ''}">
<title>${title} · Millrace</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<script src="/assets/theme-first.js"></script>
<link rel="stylesheet" href="/assets/style.css">
<script type="module" src="/assets/${script}"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<a class="brand" href="/workflows">${MARK}<span>Millrace</span></a>
<nav aria-label="Pages">
${PLACES.map(([name, href, label]) => html`<a href="${href}"${name === at ? html` aria-current="page"` : ''}>${label}</a>`)}
<a href="/queues">Queues</a>
</nav>
<div class="top-end">
<span class="role" title="What you may do">${role ?? 'not signed in'}</span>
<button type="button" class="quiet" id="theme" aria-label="Theme">Theme</button>
${signedIn ? html`<form method="post" action="/sign-out"><button class="quiet">Sign out</button></form>` : ''}
</div>
</header>
<main id="main" tabindex="-1">
${body}
</main>
<div id="notices" role="status" aria-live="polite"></div>
<noscript><p class="empty">This page needs JavaScript. The command line does not: <code>npx millrace list</code></p></noscript>
</body>
</html>
`.text
