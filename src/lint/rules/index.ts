import type { Rule } from '../rule.ts'
import addingFieldWithDefault from './adding-field-with-default.ts'
import addingForeignKeyConstraint from './adding-foreign-key-constraint.ts'
import addingNotNullableField from './adding-not-nullable-field.ts'
import addingRequiredField from './adding-required-field.ts'
import addingSerialPrimaryKeyField from './adding-serial-primary-key-field.ts'
import banAddingSerialColumn from './ban-adding-serial-column.ts'
import banAloneStatementInDown from './ban-alone-statement-in-down.ts'
import banAlterDomainWithAddConstraint from './ban-alter-domain-with-add-constraint.ts'
import banAutovacuumOff from './ban-autovacuum-off.ts'
import banBackfillWithDdl from './ban-backfill-with-ddl.ts'
import banBlockingRewrite from './ban-blocking-rewrite.ts'
import banChangeDefault from './ban-change-default.ts'
import banCharField from './ban-char-field.ts'
import banConcurrentIndexCreationInTransaction from './ban-concurrent-index-creation-in-transaction.ts'
import banConcurrentIndexIfNotExists from './ban-concurrent-index-if-not-exists.ts'
import banConcurrentIndexOnPartitionedTable from './ban-concurrent-index-on-partitioned-table.ts'
import banConstraintGap from './ban-constraint-gap.ts'
import banCreateDomainWithConstraint from './ban-create-domain-with-constraint.ts'
import banDetachPartition from './ban-detach-partition.ts'
import banDisableTrigger from './ban-disable-trigger.ts'
import banDropCascade from './ban-drop-cascade.ts'
import banDropColumn from './ban-drop-column.ts'
import banDropDatabase from './ban-drop-database.ts'
import banDropFunction from './ban-drop-function.ts'
import banDropNotNull from './ban-drop-not-null.ts'
import banDropOwned from './ban-drop-owned.ts'
import banDropSchema from './ban-drop-schema.ts'
import banDropSequence from './ban-drop-sequence.ts'
import banDropTable from './ban-drop-table.ts'
import banDropTrigger from './ban-drop-trigger.ts'
import banDropType from './ban-drop-type.ts'
import banDropUnique from './ban-drop-unique.ts'
import banDropView from './ban-drop-view.ts'
import banDuplicateColumnAssignments from './ban-duplicate-column-assignments.ts'
import banDuplicateName from './ban-duplicate-name.ts'
import banDuplicateVersion from './ban-duplicate-version.ts'
import banEnum from './ban-enum.ts'
import banEnumValueInSameTransaction from './ban-enum-value-in-same-transaction.ts'
import banExclusionConstraint from './ban-exclusion-constraint.ts'
import banExplicitLock from './ban-explicit-lock.ts'
import banGrantToPublic from './ban-grant-to-public.ts'
import banLateVersion from './ban-late-version.ts'
import banLosingReplicaIdentity from './ban-losing-replica-identity.ts'
import banMigrationAtBoot from './ban-migration-at-boot.ts'
import banMismatchedForeignKeyType from './ban-mismatched-foreign-key-type.ts'
import banNarrowingColumnType from './ban-narrowing-column-type.ts'
import banOrderDependentSchema from './ban-order-dependent-schema.ts'
import banPasswordLiteral from './ban-password-literal.ts'
import banPostHole from './ban-post-hole.ts'
import banReleasedMigrationChange from './ban-released-migration-change.ts'
import banRenameEnumValue from './ban-rename-enum-value.ts'
import banRenameObject from './ban-rename-object.ts'
import banRenameView from './ban-rename-view.ts'
import banReplaceFunctionResult from './ban-replace-function-result.ts'
import banReplaceViewColumns from './ban-replace-view-columns.ts'
import banRevoke from './ban-revoke.ts'
import banRule from './ban-rule.ts'
import banSessionSetting from './ban-session-setting.ts'
import banSetSchema from './ban-set-schema.ts'
import banSlowWorkUnderLock from './ban-slow-work-under-lock.ts'
import banStoredGeneratedColumn from './ban-stored-generated-column.ts'
import banTruncate from './ban-truncate.ts'
import banTruncateCascade from './ban-truncate-cascade.ts'
import banUncommittedTransaction from './ban-uncommitted-transaction.ts'
import banValidateInSameTransaction from './ban-validate-in-same-transaction.ts'
import banWriteWithoutWhere from './ban-write-without-where.ts'
import changingColumnType from './changing-column-type.ts'
import constraintMissingNotValid from './constraint-missing-not-valid.ts'
import disallowedUniqueConstraint from './disallowed-unique-constraint.ts'
import identifierTooLong from './identifier-too-long.ts'
import notParsed from './not-parsed.ts'
import preferAttachPartition from './prefer-attach-partition.ts'
import preferBigintOverInt from './prefer-bigint-over-int.ts'
import preferBigintOverSmallint from './prefer-bigint-over-smallint.ts'
import preferForeignKeyAlone from './prefer-foreign-key-alone.ts'
import preferIdentity from './prefer-identity.ts'
import preferJsonb from './prefer-jsonb.ts'
import preferLateEnumValue from './prefer-late-enum-value.ts'
import preferLosslessDown from './prefer-lossless-down.ts'
import preferNewFunction from './prefer-new-function.ts'
import preferNewView from './prefer-new-view.ts'
import preferOneAlterTable from './prefer-one-alter-table.ts'
import preferOneForeignKeyPerTransaction from './prefer-one-foreign-key-per-transaction.ts'
import preferOneTablePerTransaction from './prefer-one-table-per-transaction.ts'
import preferPostForBackfill from './prefer-post-for-backfill.ts'
import preferReconnectAfterColumnChange from './prefer-reconnect-after-column-change.ts'
import preferReversibleMigration from './prefer-reversible-migration.ts'
import preferRobustStmts from './prefer-robust-stmts.ts'
import preferShortTriggerLock from './prefer-short-trigger-lock.ts'
import preferSingleStatementOutsideTransaction from './prefer-single-statement-outside-transaction.ts'
import preferSnakeCaseNames from './prefer-snake-case-names.ts'
import preferSortedNames from './prefer-sorted-names.ts'
import preferStaticSql from './prefer-static-sql.ts'
import preferTextField from './prefer-text-field.ts'
import preferTimestampTz from './prefer-timestamp-tz.ts'
import preferUniqueCheckedFirst from './prefer-unique-checked-first.ts'
import renamingColumn from './renaming-column.ts'
import renamingTable from './renaming-table.ts'
import requireBatchedBackfill from './require-batched-backfill.ts'
import requireCompatibleColumnType from './require-compatible-column-type.ts'
import requireConcurrentIndexCreation from './require-concurrent-index-creation.ts'
import requireConcurrentIndexDeletion from './require-concurrent-index-deletion.ts'
import requireConcurrentPartitionDetach from './require-concurrent-partition-detach.ts'
import requireConcurrentRefresh from './require-concurrent-refresh.ts'
import requireConcurrentReindex from './require-concurrent-reindex.ts'
import requireDefaultOnRequiredColumn from './require-default-on-required-column.ts'
import requireDependentsFirst from './require-dependents-first.ts'
import requireDown from './require-down.ts'
import requireForeignKeyDropFirst from './require-foreign-key-drop-first.ts'
import requireForeignKeyIndex from './require-foreign-key-index.ts'
import requireIgnoreReason from './require-ignore-reason.ts'
import requireInverseDown from './require-inverse-down.ts'
import requireLockTimeout from './require-lock-timeout.ts'
import requireMigrationName from './require-migration-name.ts'
import requireNotNullBeforePrimaryKey from './require-not-null-before-primary-key.ts'
import requireOrderOfPhases from './require-order-of-phases.ts'
import requirePartitionCheck from './require-partition-check.ts'
import requirePolicyOnNewTable from './require-policy-on-new-table.ts'
import requirePolicyWithRowSecurity from './require-policy-with-row-security.ts'
import requirePostForConstraints from './require-post-for-constraints.ts'
import requirePreForAdditions from './require-pre-for-additions.ts'
import requirePrimaryKey from './require-primary-key.ts'
import requireReadableDown from './require-readable-down.ts'
import requireReplacementIndexFirst from './require-replacement-index-first.ts'
import requireReplicaIdentity from './require-replica-identity.ts'
import requireSearchPathForSecurityDefiner from './require-search-path-for-security-definer.ts'
import requireStatementTimeout from './require-statement-timeout.ts'
import requireTableComment from './require-table-comment.ts'
import requireTableSchema from './require-table-schema.ts'
import syntaxError from './syntax-error.ts'
import transactionNesting from './transaction-nesting.ts'
import unreadableMigration from './unreadable-migration.ts'
import unusedIgnore from './unused-ignore.ts'

/** Every rule, by name. */
export const rules: readonly Rule[] = [
  addingFieldWithDefault,
  addingForeignKeyConstraint,
  addingNotNullableField,
  addingRequiredField,
  addingSerialPrimaryKeyField,
  banAddingSerialColumn,
  banAloneStatementInDown,
  banAlterDomainWithAddConstraint,
  banAutovacuumOff,
  banBackfillWithDdl,
  banBlockingRewrite,
  banChangeDefault,
  banCharField,
  banConcurrentIndexCreationInTransaction,
  banConcurrentIndexIfNotExists,
  banConcurrentIndexOnPartitionedTable,
  banConstraintGap,
  banCreateDomainWithConstraint,
  banDetachPartition,
  banDisableTrigger,
  banDropCascade,
  banDropColumn,
  banDropDatabase,
  banDropFunction,
  banDropNotNull,
  banDropOwned,
  banDropSchema,
  banDropSequence,
  banDropTable,
  banDropTrigger,
  banDropType,
  banDropUnique,
  banDropView,
  banDuplicateColumnAssignments,
  banDuplicateName,
  banDuplicateVersion,
  banEnum,
  banEnumValueInSameTransaction,
  banExclusionConstraint,
  banExplicitLock,
  banGrantToPublic,
  banLateVersion,
  banLosingReplicaIdentity,
  banMigrationAtBoot,
  banMismatchedForeignKeyType,
  banNarrowingColumnType,
  banOrderDependentSchema,
  banPasswordLiteral,
  banPostHole,
  banReleasedMigrationChange,
  banRenameEnumValue,
  banRenameObject,
  banRenameView,
  banReplaceFunctionResult,
  banReplaceViewColumns,
  banRevoke,
  banRule,
  banSessionSetting,
  banSetSchema,
  banSlowWorkUnderLock,
  banStoredGeneratedColumn,
  banTruncate,
  banTruncateCascade,
  banUncommittedTransaction,
  banValidateInSameTransaction,
  banWriteWithoutWhere,
  changingColumnType,
  constraintMissingNotValid,
  disallowedUniqueConstraint,
  identifierTooLong,
  notParsed,
  preferAttachPartition,
  preferBigintOverInt,
  preferBigintOverSmallint,
  preferForeignKeyAlone,
  preferIdentity,
  preferJsonb,
  preferLateEnumValue,
  preferLosslessDown,
  preferNewFunction,
  preferNewView,
  preferOneAlterTable,
  preferOneForeignKeyPerTransaction,
  preferOneTablePerTransaction,
  preferPostForBackfill,
  preferReconnectAfterColumnChange,
  preferReversibleMigration,
  preferRobustStmts,
  preferShortTriggerLock,
  preferSingleStatementOutsideTransaction,
  preferSnakeCaseNames,
  preferSortedNames,
  preferStaticSql,
  preferTextField,
  preferTimestampTz,
  preferUniqueCheckedFirst,
  renamingColumn,
  renamingTable,
  requireBatchedBackfill,
  requireCompatibleColumnType,
  requireConcurrentIndexCreation,
  requireConcurrentIndexDeletion,
  requireConcurrentPartitionDetach,
  requireConcurrentRefresh,
  requireConcurrentReindex,
  requireDefaultOnRequiredColumn,
  requireDependentsFirst,
  requireDown,
  requireForeignKeyDropFirst,
  requireForeignKeyIndex,
  requireIgnoreReason,
  requireInverseDown,
  requireLockTimeout,
  requireMigrationName,
  requireNotNullBeforePrimaryKey,
  requireOrderOfPhases,
  requirePartitionCheck,
  requirePolicyOnNewTable,
  requirePolicyWithRowSecurity,
  requirePostForConstraints,
  requirePreForAdditions,
  requirePrimaryKey,
  requireReadableDown,
  requireReplacementIndexFirst,
  requireReplicaIdentity,
  requireSearchPathForSecurityDefiner,
  requireStatementTimeout,
  requireTableComment,
  requireTableSchema,
  syntaxError,
  transactionNesting,
  unreadableMigration,
  unusedIgnore,
]
