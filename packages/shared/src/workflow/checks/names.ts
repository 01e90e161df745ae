import { type Finding, type Path, showPath, showValue } from '../finding.ts'

/** Workflows, jobs and inputs. No dots: they separate workflow, job and item in ids such as `report.parse.0`. */
export const NAME_PATTERN = '^[A-Za-z_][A-Za-z0-9_-]{0,99}$'
/** Tasks, queues and resources may be grouped by dots: `log.parse`. No colons: Redis keys are made of these names. */
export const TASK_PATTERN = '^[A-Za-z_][A-Za-z0-9_.-]{0,99}$'

const NAME = new RegExp(NAME_PATTERN)
const TASK = new RegExp(TASK_PATTERN)

/** A name that is not allowed, or nothing. `dotted` for tasks, queues and resources. */
export function nameFindings(name: string, path: Path, at: NonNullable<Finding['at']>, dotted = false): Finding[] {
  if ((dotted ? TASK : NAME).test(name) && name !== '__proto__') return []
  const allowed = `letters, digits, _${dotted ? ', - and .' : ' and -'}`
  const hint = name.includes('${{') ? ' References are filled in only in `with` and `foreach`.' : ''
  const what = at === 'key' ? `The name ${showValue(name)}` : `${showPath(path)} is ${showValue(name)}, which`
  const reason =
    name === '__proto__'
      ? 'has a meaning of its own in JavaScript: choose another'
      : name.length > 100
        ? `is ${name.length} characters long: at most 100 are allowed`
        : `is not a valid name: it may have ${allowed}, and begins with a letter or _`
  return [{ code: 'MILLRACE_WORKFLOW_NAME', message: `${what} ${reason}.${hint}`, path, at }]
}
