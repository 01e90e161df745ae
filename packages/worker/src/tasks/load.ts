import { readdir } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MillraceError, type Resource, type Task } from '@millrace/shared'
import { isResource } from './is-resource.ts'
import { isTask } from './is-task.ts'
import { noteSource } from './source.ts'

const MODULE = /\.(?:ts|mts|js|mjs)$/
const NOT_TASKS = /\.(?:test|spec)\.[^.]+$|\.d\.m?ts$/
const SKIPPED_FOLDERS = new Set(['node_modules', 'test', 'tests', '__tests__'])

interface Loaded {
  readonly file: string
  readonly tasks: readonly Task[]
  readonly resources: readonly Resource[]
  readonly problem?: string
}

/**
 * Loads the tasks of a folder and its sub-folders: every task that a module exports, by default or by name, alone or in
 * an array. A module without tasks is taken for something that the tasks share. Tests and declarations are left out.
 *
 * @returns the tasks in the order of their files' names.
 * @throws MillraceError MILLRACE_TASKS_INVALID with every module that could not be loaded and every name that occurs
 *   twice, or when there is no task at all.
 */
export const loadTasks = async (folder: string): Promise<Task[]> => (await loadFolder(folder)).tasks

/** As {@link loadTasks}, and the resources that the modules export in the same ways. */
export async function loadFolder(folder: string): Promise<{ tasks: Task[]; resources: Resource[] }> {
  const root = resolve(folder)
  const files = await listModules(root)
  const modules: Loaded[] = []
  for (const file of files) modules.push(await loadModule(root, file)) // one after the other: they may share modules
  const problems = [
    ...modules.flatMap(({ file, problem }) => (problem ? [`${file}: ${problem}`] : [])),
    ...duplicates(modules, 'task', ({ tasks }) => tasks),
    ...duplicates(modules, 'resource', ({ resources }) => resources),
  ]
  if (problems.length > 0)
    throw invalid(`The tasks in ${root} cannot be used:\n${problems.map((p) => `- ${p}`).join('\n')}`)
  const tasks = [...new Set(modules.flatMap((module) => module.tasks))]
  if (tasks.length > 0) return { tasks, resources: [...new Set(modules.flatMap(({ resources }) => resources))] }
  const seen =
    files.length === 0 ? 'it has no .ts, .js or .mjs file' : `none of its ${files.length} modules exports one`
  throw invalid(`There is no task in ${root}: ${seen}. Export what defineTask gives.`)
}

async function listModules(root: string): Promise<string[]> {
  try {
    const entries = await readdir(root, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile() && MODULE.test(entry.name) && !NOT_TASKS.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .filter((file) => !file.split(/[\\/]/).some((part) => SKIPPED_FOLDERS.has(part) || part.startsWith('.')))
      .sort()
  } catch (error) {
    throw invalid(
      `The task folder ${root} cannot be read (${(error as NodeJS.ErrnoException).code}). Name a folder that exists.`,
      error,
    )
  }
}

async function loadModule(root: string, file: string): Promise<Loaded> {
  try {
    const module = (await import(pathToFileURL(join(root, file)).href)) as Record<string, unknown>
    const exported = Object.values(module).flat()
    const tasks = exported.filter(isTask)
    for (const task of tasks) noteSource(task, join(root, file))
    return { file, tasks, resources: exported.filter(isResource) }
  } catch (error) {
    return {
      file,
      tasks: [],
      resources: [],
      problem: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    }
  }
}

/** Two of one name. The same one exported by two modules is one. */
function duplicates(
  modules: readonly Loaded[],
  kind: 'task' | 'resource',
  exportsOf: (module: Loaded) => readonly { readonly name: string }[],
): string[] {
  const first = new Map<string, { file: string; one: object }>()
  const problems: string[] = []
  for (const module of modules) {
    for (const one of exportsOf(module)) {
      const known = first.get(one.name)
      if (!known) first.set(one.name, { file: module.file, one })
      else if (known.one !== one)
        problems.push(`${module.file}: the ${kind} "${one.name}" is also in ${known.file}; rename one`)
    }
  }
  return problems
}

const invalid = (message: string, cause?: unknown) => new MillraceError('MILLRACE_TASKS_INVALID', message, { cause })
