import { post } from './api.js'
import { confirmed, el, press, workflowLink } from './dom.js'
import { counted } from './format.js'

const MOST_NAMED = 8

/** Where it was run before, and where it has been run again, for the facts of a workflow. @param {any} summary */
export function rerunFacts({ rerunOf, reruns = [] }) {
  const again = el('span', {}, ...reruns.flatMap((/** @type {string} */ id) => [workflowLink(id), ' ']))
  return [
    ['Rerun of', rerunOf && el('span', {}, workflowLink(rerunOf.id), ` from ${rerunOf.from}`)],
    ['Run again as', reruns.length > 0 && again],
  ]
}

/** Runs an ended job and what depends on it again, as a new workflow, and goes there. @param {string} workflow @param {string} from */
export function rerunButton(workflow, from) {
  const button = el('button', { type: 'button' }, 'Run again from here…')
  const address = `/workflows/${encodeURIComponent(workflow)}/rerun`
  button.addEventListener('click', () =>
    press(button, async () => {
      const { again, carried } = await post(address, { from, dryRun: true })
      const named = again.slice(0, MOST_NAMED).join(', ')
      const rest = again.length > MOST_NAMED ? ` and ${again.length - MOST_NAMED} more` : ''
      const sure = await confirmed(
        `Run ${counted(again.length, 'job')} again?`,
        `A new workflow runs ${named}${rest}. It keeps what ${counted(carried.length, 'other job')} gave. This one stays as it is.`,
        'Run again',
      )
      if (!sure) return
      const { id } = await post(address, { from })
      location.assign(`/workflows/${encodeURIComponent(id)}`)
      return `Submitted as ${id}.`
    }),
  )
  return button
}
