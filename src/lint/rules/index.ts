import type { Rule } from '../rule.ts'
import banChangeDefault from './ban-change-default.ts'
import banDetachPartition from './ban-detach-partition.ts'
import banDropCascade from './ban-drop-cascade.ts'
import banDropColumn from './ban-drop-column.ts'
import banDropDatabase from './ban-drop-database.ts'
import banDropFunction from './ban-drop-function.ts'
import banDropNotNull from './ban-drop-not-null.ts'
import banDropSchema from './ban-drop-schema.ts'
import banDropSequence from './ban-drop-sequence.ts'
import banDropTable from './ban-drop-table.ts'
import banDropTrigger from './ban-drop-trigger.ts'
import banDropType from './ban-drop-type.ts'
import banDropUnique from './ban-drop-unique.ts'
import banDropView from './ban-drop-view.ts'
import banRenameEnumValue from './ban-rename-enum-value.ts'
import banRenameObject from './ban-rename-object.ts'
import banRenameView from './ban-rename-view.ts'
import banReplaceFunctionResult from './ban-replace-function-result.ts'
import banReplaceViewColumns from './ban-replace-view-columns.ts'
import banRevoke from './ban-revoke.ts'
import banSetSchema from './ban-set-schema.ts'
import banTruncate from './ban-truncate.ts'
import preferLateEnumValue from './prefer-late-enum-value.ts'
import preferNewFunction from './prefer-new-function.ts'
import preferNewView from './prefer-new-view.ts'
import preferPostForBackfill from './prefer-post-for-backfill.ts'
import renamingColumn from './renaming-column.ts'
import renamingTable from './renaming-table.ts'
import requireCompatibleColumnType from './require-compatible-column-type.ts'
import requireConcurrentIndexCreation from './require-concurrent-index-creation.ts'
import requireDefaultOnRequiredColumn from './require-default-on-required-column.ts'
import requireDependentsFirst from './require-dependents-first.ts'
import requireOrderOfPhases from './require-order-of-phases.ts'
import requirePolicyWithRowSecurity from './require-policy-with-row-security.ts'
import requirePostForConstraints from './require-post-for-constraints.ts'
import requirePreForAdditions from './require-pre-for-additions.ts'
import requireReplicaIdentity from './require-replica-identity.ts'

/** Every rule, by name. */
export const rules: readonly Rule[] = [
  banChangeDefault,
  banDetachPartition,
  banDropCascade,
  banDropColumn,
  banDropDatabase,
  banDropFunction,
  banDropNotNull,
  banDropSchema,
  banDropSequence,
  banDropTable,
  banDropTrigger,
  banDropType,
  banDropUnique,
  banDropView,
  banRenameEnumValue,
  banRenameObject,
  banRenameView,
  banReplaceFunctionResult,
  banReplaceViewColumns,
  banRevoke,
  banSetSchema,
  banTruncate,
  preferLateEnumValue,
  preferNewFunction,
  preferNewView,
  preferPostForBackfill,
  renamingColumn,
  renamingTable,
  requireCompatibleColumnType,
  requireConcurrentIndexCreation,
  requireDefaultOnRequiredColumn,
  requireDependentsFirst,
  requireOrderOfPhases,
  requirePolicyWithRowSecurity,
  requirePostForConstraints,
  requirePreForAdditions,
  requireReplicaIdentity,
]
