import type { Rule } from '../rule.ts'
import banAloneStatementInDown from './ban-alone-statement-in-down.ts'
import preferLosslessDown from './prefer-lossless-down.ts'
import preferReversibleMigration from './prefer-reversible-migration.ts'
import requireConcurrentIndexCreation from './require-concurrent-index-creation.ts'
import requireDown from './require-down.ts'
import requireInverseDown from './require-inverse-down.ts'
import requireReadableDown from './require-readable-down.ts'

/** Every rule, by name. */
export const rules: readonly Rule[] = [
  banAloneStatementInDown,
  preferLosslessDown,
  preferReversibleMigration,
  requireConcurrentIndexCreation,
  requireDown,
  requireInverseDown,
  requireReadableDown,
]
