import type { Board } from '../dashboard.ts'
import { deadLetters } from './dead-letters.ts'
import { overview } from './overview.ts'
import { resources } from './resources.ts'
import { tasks } from './tasks.ts'
import { workers } from './workers.ts'
import { workflows } from './workflows.ts'

export const BOARDS: readonly Board[] = [overview, tasks, workflows, resources, deadLetters, workers]
