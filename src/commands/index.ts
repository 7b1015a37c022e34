import { warmParser } from '../sql/parse.ts'
import type { Command } from './command.ts'

/** Every command, loaded only when it is named. */
export const commands: Readonly<Record<string, () => Promise<{ default: Command }>>> = {
  lint: () => {
    warmParser()
    return import('./lint.ts')
  },
  plan: () => import('./plan.ts'),
  backup: () => import('./backup.ts'),
  'verify-backup': () => import('./verify-backup.ts'),
  migrate: () => import('./migrate.ts'),
  canary: () => import('./canary.ts'),
  rollback: () => import('./rollback.ts'),
  'config-check': () => import('./config-check.ts'),
  'restore-drill': () => import('./restore-drill.ts'),
  gate: () => import('./gate.ts'),
  record: () => import('./record.ts'),
  ledger: () => import('./ledger.ts'),
  init: () => import('./init.ts'),
  new: () => import('./new.ts'),
  demo: () => import('./demo.ts'),
}
