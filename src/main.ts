import { fileURLToPath } from 'node:url'
import { action } from './action.ts'

// GitHub starts this file; the action's inputs are in the environment
process.exitCode = await action(process, fileURLToPath(import.meta.url))
