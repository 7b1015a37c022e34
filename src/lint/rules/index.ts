import type { Rule } from '../rule.ts'
import banChangeDefault from './ban-change-default.ts'
import banDropColumn from './ban-drop-column.ts'
import banDropDatabase from './ban-drop-database.ts'
import banDropFunction from './ban-drop-function.ts'
import banDropNotNull from './ban-drop-not-null.ts'
import banDropSchema from './ban-drop-schema.ts'
import banDropSequence from './ban-drop-sequence.ts'
import banDropTable from './ban-drop-table.ts'
import banDropType from './ban-drop-type.ts'
import banDropView from './ban-drop-view.ts'
import banRenameEnumValue from './ban-rename-enum-value.ts'
import banRenameObject from './ban-rename-object.ts'
import banRenameView from './ban-rename-view.ts'
import banSetSchema from './ban-set-schema.ts'
import renamingColumn from './renaming-column.ts'
import renamingTable from './renaming-table.ts'
import requireCompatibleColumnType from './require-compatible-column-type.ts'
import requireConcurrentIndexCreation from './require-concurrent-index-creation.ts'
import requireDefaultOnRequiredColumn from './require-default-on-required-column.ts'
import requirePostForConstraints from './require-post-for-constraints.ts'

/** Every rule, by name. */
export const rules: readonly Rule[] = [
  banChangeDefault,
  banDropColumn,
  banDropDatabase,
  banDropFunction,
  banDropNotNull,
  banDropSchema,
  banDropSequence,
  banDropTable,
  banDropType,
  banDropView,
  banRenameEnumValue,
  banRenameObject,
  banRenameView,
  banSetSchema,
  renamingColumn,
  renamingTable,
  requireCompatibleColumnType,
  requireConcurrentIndexCreation,
  requireDefaultOnRequiredColumn,
  requirePostForConstraints,
]
