import type { Rule } from '../rule.ts'
import banAloneStatementInDown from './ban-alone-statement-in-down.ts'
import banAlterDomainWithAddConstraint from './ban-alter-domain-with-add-constraint.ts'
import banAutovacuumOff from './ban-autovacuum-off.ts'
import banBackfillWithDdl from './ban-backfill-with-ddl.ts'
import banBlockingRewrite from './ban-blocking-rewrite.ts'
import banCharField from './ban-char-field.ts'
import banConcurrentIndexCreationInTransaction from './ban-concurrent-index-creation-in-transaction.ts'
import banConstraintGap from './ban-constraint-gap.ts'
import banCreateDomainWithConstraint from './ban-create-domain-with-constraint.ts'
import banDisableTrigger from './ban-disable-trigger.ts'
import banDuplicateColumnAssignments from './ban-duplicate-column-assignments.ts'
import banDuplicateVersion from './ban-duplicate-version.ts'
import banEnum from './ban-enum.ts'
import banEnumValueInSameTransaction from './ban-enum-value-in-same-transaction.ts'
import banExplicitLock from './ban-explicit-lock.ts'
import banGrantToPublic from './ban-grant-to-public.ts'
import banLateVersion from './ban-late-version.ts'
import banMigrationAtBoot from './ban-migration-at-boot.ts'
import banOrderDependentSchema from './ban-order-dependent-schema.ts'
import banPasswordLiteral from './ban-password-literal.ts'
import banPostHole from './ban-post-hole.ts'
import banReleasedMigrationChange from './ban-released-migration-change.ts'
import banSessionSetting from './ban-session-setting.ts'
import banSlowWorkUnderLock from './ban-slow-work-under-lock.ts'
import banTruncate from './ban-truncate.ts'
import banTruncateCascade from './ban-truncate-cascade.ts'
import banUncommittedTransaction from './ban-uncommitted-transaction.ts'
import banWriteWithoutWhere from './ban-write-without-where.ts'
import notParsed from './not-parsed.ts'
import preferAttachPartition from './prefer-attach-partition.ts'
import preferBigintOverInt from './prefer-bigint-over-int.ts'
import preferBigintOverSmallint from './prefer-bigint-over-smallint.ts'
import preferIdentity from './prefer-identity.ts'
import preferJsonb from './prefer-jsonb.ts'
import preferLosslessDown from './prefer-lossless-down.ts'
import preferOneAlterTable from './prefer-one-alter-table.ts'
import preferOneTablePerTransaction from './prefer-one-table-per-transaction.ts'
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
import requireBatchedBackfill from './require-batched-backfill.ts'
import requireConcurrentIndexCreation from './require-concurrent-index-creation.ts'
import requireConcurrentPartitionDetach from './require-concurrent-partition-detach.ts'
import requireConcurrentRefresh from './require-concurrent-refresh.ts'
import requireDown from './require-down.ts'
import requireIgnoreReason from './require-ignore-reason.ts'
import requireInverseDown from './require-inverse-down.ts'
import requireLockTimeout from './require-lock-timeout.ts'
import requireMigrationName from './require-migration-name.ts'
import requirePartitionCheck from './require-partition-check.ts'
import requirePolicyWithRowSecurity from './require-policy-with-row-security.ts'
import requirePrimaryKey from './require-primary-key.ts'
import requireReadableDown from './require-readable-down.ts'
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
  banAloneStatementInDown,
  banAlterDomainWithAddConstraint,
  banAutovacuumOff,
  banBackfillWithDdl,
  banBlockingRewrite,
  banCharField,
  banConcurrentIndexCreationInTransaction,
  banConstraintGap,
  banCreateDomainWithConstraint,
  banDisableTrigger,
  banDuplicateColumnAssignments,
  banDuplicateVersion,
  banEnum,
  banEnumValueInSameTransaction,
  banExplicitLock,
  banGrantToPublic,
  banLateVersion,
  banMigrationAtBoot,
  banOrderDependentSchema,
  banPasswordLiteral,
  banPostHole,
  banReleasedMigrationChange,
  banSessionSetting,
  banSlowWorkUnderLock,
  banTruncate,
  banTruncateCascade,
  banUncommittedTransaction,
  banWriteWithoutWhere,
  notParsed,
  preferAttachPartition,
  preferBigintOverInt,
  preferBigintOverSmallint,
  preferIdentity,
  preferJsonb,
  preferLosslessDown,
  preferOneAlterTable,
  preferOneTablePerTransaction,
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
  requireBatchedBackfill,
  requireConcurrentIndexCreation,
  requireConcurrentPartitionDetach,
  requireConcurrentRefresh,
  requireDown,
  requireIgnoreReason,
  requireInverseDown,
  requireLockTimeout,
  requireMigrationName,
  requirePartitionCheck,
  requirePolicyWithRowSecurity,
  requirePrimaryKey,
  requireReadableDown,
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
