import type { Rule } from '../rule.ts'
import notParsed from './not-parsed.ts'
import requireConcurrentIndexCreation from './require-concurrent-index-creation.ts'
import requireIgnoreReason from './require-ignore-reason.ts'
import syntaxError from './syntax-error.ts'
import unreadableMigration from './unreadable-migration.ts'
import unusedIgnore from './unused-ignore.ts'

/** Every rule, by name. */
export const rules: readonly Rule[] = [
  notParsed,
  requireConcurrentIndexCreation,
  requireIgnoreReason,
  syntaxError,
  unreadableMigration,
  unusedIgnore,
]
