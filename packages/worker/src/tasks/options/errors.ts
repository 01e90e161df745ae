import { RULE_VERDICTS, type Rule, SEVERITIES } from '@millrace/shared'
import { type Problems, show } from './problems.ts'
import type { Declared, OptionReader } from './reader.ts'

type Written = NonNullable<Declared['errors']>[number]

const FIELDS = ['code', 'class', 'status', 'verdict', 'delay', 'severity', 'as']

/** What becomes of a job whose handler threw. */
export const errors: OptionReader<'errors'> = {
  fields: ['errors'],
  read({ errors: rules = [] }, problems) {
    problems.check(Array.isArray(rules), () => `errors is ${show(rules)}; give a list of rules`)
    if (!Array.isArray(rules)) return { errors: [] }
    return { errors: Object.freeze(rules.map((rule, index) => readRule(rule, `errors[${index}]`, problems))) }
  },
}

function readRule(written: Written, at: string, problems: Problems): Rule {
  const { code, class: thrown, status, verdict, delay, severity, as } = written ?? {}
  const text = (field: string, value: unknown) =>
    problems.check(value === undefined || (typeof value === 'string' && value !== ''), () => {
      return `${at}.${field} is ${show(value)}; write a text`
    })
  const oneOf = (field: string, value: unknown, words: readonly string[]) =>
    problems.check(words.includes(value as string), () => {
      return `${at}.${field} is ${show(value)}; write one of ${words.join(', ')}`
    })

  for (const field of Object.keys(written ?? {})) {
    problems.check(
      FIELDS.includes(field),
      () => `${at}: "${field}" is no field of a rule; there are ${FIELDS.join(', ')}`,
    )
  }
  problems.check(
    [code, thrown, status].some((one) => one !== undefined),
    () => {
      return `${at} fits nothing; say for which code, class or status it is`
    },
  )
  text('code', code)
  const name = typeof thrown === 'function' ? thrown.name : thrown
  text('class', name)
  problems.check(status === undefined || isStatus(status), () => {
    return `${at}.status is ${show(status)}; write a number from 400 to 599, "4xx" or "5xx"`
  })
  oneOf('verdict', verdict, RULE_VERDICTS)
  if (severity !== undefined) oneOf('severity', severity, SEVERITIES)
  text('as', as)
  problems.check(!as?.toString().startsWith('MILLRACE_'), () => {
    return `${at}.as is ${show(as)}; codes that begin with MILLRACE_ are not for tasks to give`
  })
  return Object.freeze({
    ...(code !== undefined && { code }),
    ...(name !== undefined && { class: name }),
    ...(status !== undefined && { status }),
    verdict,
    ...(delay !== undefined && { delayMs: problems.duration(`${at}.delay`, delay, 0) }),
    ...(severity !== undefined && { severity }),
    ...(as !== undefined && { as }),
  })
}

const isStatus = (status: unknown) =>
  status === '4xx' ||
  status === '5xx' ||
  (Number.isInteger(status) && (status as number) >= 400 && (status as number) < 600)
