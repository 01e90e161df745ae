import { WORKFLOW_STATES } from '@millrace/shared'
import { html } from './html.ts'
import type { Page } from './shell.ts'

const live = html`<span class="live" id="live" data-state="waiting">connecting</span>`

export const WORKFLOWS: Page = {
  title: 'Workflows',
  at: 'workflows',
  script: 'workflows.js',
  body: html`
<div class="head"><h1>Workflows</h1>${live}</div>
<form class="filters" id="filters" aria-label="Filter">
<fieldset class="choices"><legend>State</legend>
${['', ...WORKFLOW_STATES].map((state) => html`<label><input type="radio" name="state" value="${state}"${state === '' ? html` checked` : ''}><span>${state || 'all'}</span></label>`)}
</fieldset>
<label class="field">Name <input type="search" name="name" placeholder="exact name" autocomplete="off" maxlength="200"></label>
</form>
<div class="scroll"><table class="rows" id="list" aria-busy="true">
<caption class="unseen">Workflows, the newest first</caption>
<thead><tr><th scope="col">Workflow</th><th scope="col">State</th><th scope="col">Progress</th><th scope="col" class="number">Jobs</th><th scope="col" class="number">Dead</th><th scope="col">Priority</th><th scope="col">Submitted</th><th scope="col" class="number">Took</th></tr></thead>
<tbody></tbody>
</table></div>
<p class="empty" id="empty" hidden></p>
<p class="more"><button type="button" id="more" hidden>Show more</button></p>`,
}

export const workflowPage = (id: string): Page => ({
  title: id,
  at: 'workflows',
  script: 'workflow.js',
  body: html`
<div class="head" data-workflow="${id}">
<div><p class="crumb"><a href="/workflows">Workflows</a></p><h1 id="name">${id}</h1></div>
${live}
<div class="actions"><button type="button" id="retry" class="first" hidden>Retry the workflow</button><button type="button" id="replay" hidden>Replay dead jobs</button><button type="button" id="cancel" class="danger" hidden>Cancel</button></div>
</div>
<dl class="facts" id="facts" aria-label="In short"></dl>
<div class="stage">
<section class="picture" aria-label="Picture of the jobs">
<div class="tools" role="toolbar" aria-label="Picture">
<button type="button" id="zoom-out" aria-label="Zoom out">−</button><output id="zoom">100 %</output><button type="button" id="zoom-in" aria-label="Zoom in">+</button><button type="button" id="fit">Fit</button>
<label class="check"><input type="checkbox" id="critical" checked> Critical path</label>
</div>
<canvas id="canvas" tabindex="0" role="img" aria-label="The jobs and their needs. Arrow keys go from job to job, Enter shows one; the list below has the same jobs." aria-describedby="focused"></canvas>
<p id="focused" class="unseen" aria-live="polite"></p>
<ul class="legend" id="legend" aria-label="What colours and signs mean"></ul>
</section>
<aside class="panel" id="panel" aria-label="Job" hidden></aside>
</div>
<details class="why box" id="why" hidden open><summary>What it waits for</summary><div id="why-reasons"></div></details>
<section aria-label="Jobs">
<div class="head"><h2>Jobs</h2><form class="filters" id="job-filters" aria-label="Filter jobs"><label class="field">State <select name="state"></select></label><label class="field">Name or task <input type="search" name="text" autocomplete="off"></label></form></div>
<div class="scroll"><table class="rows" id="jobs"><caption class="unseen">Jobs of the workflow</caption>
<thead><tr><th scope="col">Job</th><th scope="col">State</th><th scope="col">Task</th><th scope="col">Queue</th><th scope="col" class="number">Attempts</th><th scope="col" class="number">Took</th></tr></thead><tbody></tbody></table></div>
<p class="more"><button type="button" id="more-jobs" hidden>Show more</button></p>
</section>`,
})

export const DEAD_LETTERS_PAGE: Page = {
  title: 'Dead letters',
  at: 'dead-letters',
  script: 'dead-letters.js',
  body: html`
<div class="head"><h1>Dead letters</h1>${live}</div>
<p class="lead">Jobs that failed for good. A replay sends a job back to its own queue with fresh attempts.</p>
<section aria-label="Replays" id="replays-section" hidden><h2>Replays</h2>
<div class="scroll"><table class="rows" id="replays"><caption class="unseen">Replays at a pace, the newest first</caption>
<thead><tr><th scope="col">Replay</th><th scope="col">State</th><th scope="col">Sent</th><th scope="col">Jobs</th><th scope="col">Pace</th><th scope="col"><span class="unseen">Actions</span></th></tr></thead><tbody></tbody></table></div>
</section>
<section aria-label="Groups"><h2>What they died of</h2>
<div class="scroll"><table class="rows" id="groups"><caption class="unseen">Dead letters by what they died of</caption>
<thead><tr><th scope="col">Task</th><th scope="col">Error</th><th scope="col" class="number">Letters</th><th scope="col" class="number">Workflows</th><th scope="col">Last</th><th scope="col">What to do</th><th scope="col"><span class="unseen">Actions</span></th></tr></thead><tbody></tbody></table></div>
</section>
<section aria-label="Letters"><div class="head"><h2 id="which">All letters</h2><div class="actions"><button type="button" id="show-all" hidden>Show all</button><button type="button" id="replay-all" disabled>Replay all…</button><button type="button" id="replay-chosen" disabled>Replay chosen</button><button type="button" id="discard-chosen" class="danger" disabled>Discard chosen</button></div></div>
<div class="scroll"><table class="rows" id="letters"><caption class="unseen">Dead letters, the newest first</caption>
<thead><tr><th scope="col"><input type="checkbox" id="choose-all" aria-label="Choose all that are shown"></th><th scope="col">Job</th><th scope="col">Workflow</th><th scope="col">Error</th><th scope="col" class="number">Attempts</th><th scope="col">Failed</th><th scope="col"><span class="unseen">Actions</span></th></tr></thead><tbody></tbody></table></div>
<p class="more"><button type="button" id="more" hidden>Show more</button></p></section>
<aside class="panel drawer" id="panel" aria-label="Dead letter" hidden></aside>`,
}

export const OVERVIEW: Page = {
  title: 'Overview',
  at: 'overview',
  script: 'overview.js',
  body: html`
<div class="head"><h1>Overview</h1>${live}</div>
<dl class="tiles" id="tiles" aria-label="The pool in a few numbers"></dl>
<section aria-label="Queues"><h2>Queues</h2><div class="scroll"><table class="rows" id="queues"><caption class="unseen">Queues</caption>
<thead><tr><th scope="col">Queue</th><th scope="col" class="number">Queued</th><th scope="col" class="number">Active</th><th scope="col" class="number">Delayed</th><th scope="col" class="number">Waiting for needs</th><th scope="col" class="number">Workers</th><th scope="col">State</th><th scope="col"><span class="unseen">Actions</span></th></tr></thead><tbody></tbody></table></div></section>
<aside class="panel drawer" id="panel" aria-label="Queue" hidden></aside>
<section aria-label="Workers"><h2>Workers</h2><div class="scroll"><table class="rows" id="workers"><caption class="unseen">Workers</caption>
<thead><tr><th scope="col">Worker</th><th scope="col">Slots</th><th scope="col" class="number">CPU</th><th scope="col" class="number">Memory</th><th scope="col" class="number">Loop delay</th><th scope="col">Queues</th><th scope="col" class="number">Up</th><th scope="col">Health</th></tr></thead><tbody></tbody></table></div></section>
<section aria-label="Resources"><h2>Resources</h2><div class="scroll"><table class="rows" id="resources"><caption class="unseen">Resources</caption>
<thead><tr><th scope="col">Resource</th><th scope="col">Breaker</th><th scope="col">Rule</th><th scope="col">Bulkhead</th><th scope="col" class="number">Waiting</th><th scope="col">Why</th><th scope="col"><span class="unseen">Actions</span></th></tr></thead><tbody></tbody></table></div></section>`,
}

export const SIGN_IN: Page = {
  title: 'Sign in',
  at: undefined,
  script: 'sign-in.js',
  body: html`
<form class="sign-in" id="sign-in" method="post" action="/sign-in">
<h1>Sign in</h1>
<p>With a token of <code>MILLRACE_DASHBOARD_TOKENS</code>. It stays in this request; the browser keeps a session only.</p>
<label class="field">Token <input type="password" name="token" required autocomplete="current-password" autofocus></label>
<p class="problem" id="problem" role="alert"></p>
<button class="first">Sign in</button>
</form>`,
}
