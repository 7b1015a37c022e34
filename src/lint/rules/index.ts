import type { Rule } from '../rule.ts'
import banAutovacuumOff from './ban-autovacuum-off.ts'
import banBackfillWithDdl from './ban-backfill-with-ddl.ts'
import banBlockingRewrite from './ban-blocking-rewrite.ts'
import banConcurrentIndexCreationInTransaction from './ban-concurrent-index-creation-in-transaction.ts'
import banConstraintGap from './ban-constraint-gap.ts'
import banDisableTrigger from './ban-disable-trigger.ts'
import banDuplicateColumnAssignments from './ban-duplicate-column-assignments.ts'
import banEnumValueInSameTransaction from './ban-enum-value-in-same-transaction.ts'
import banExplicitLock from './ban-explicit-lock.ts'
import banGrantToPublic from './ban-grant-to-public.ts'
import banPasswordLiteral from './ban-password-literal.ts'
import banSessionSetting from './ban-session-setting.ts'
import banSlowWorkUnderLock from './ban-slow-work-under-lock.ts'
import banTruncate from './ban-truncate.ts'
import banTruncateCascade from './ban-truncate-cascade.ts'
import banUncommittedTransaction from './ban-uncommitted-transaction.ts'
import banWriteWithoutWhere from './ban-write-without-where.ts'
import preferAttachPartition from './prefer-attach-partition.ts'
import preferOneAlterTable from './prefer-one-alter-table.ts'
import preferOneTablePerTransaction from './prefer-one-table-per-transaction.ts'
import preferReconnectAfterColumnChange from './prefer-reconnect-after-column-change.ts'
import preferRobustStmts from './prefer-robust-stmts.ts'
import preferShortTriggerLock from './prefer-short-trigger-lock.ts'
import preferSingleStatementOutsideTransaction from './prefer-single-statement-outside-transaction.ts'
import preferStaticSql from './prefer-static-sql.ts'
import requireBatchedBackfill from './require-batched-backfill.ts'
import requireConcurrentIndexCreation from './require-concurrent-index-creation.ts'
import requireConcurrentPartitionDetach from './require-concurrent-partition-detach.ts'
import requireConcurrentRefresh from './require-concurrent-refresh.ts'
import requireLockTimeout from './require-lock-timeout.ts'
import requirePartitionCheck from './require-partition-check.ts'
import requirePolicyWithRowSecurity from './require-policy-with-row-security.ts'
import requireSearchPathForSecurityDefiner from './require-search-path-for-security-definer.ts'
import requireStatementTimeout from './require-statement-timeout.ts'
import transactionNesting from './transaction-nesting.ts'

/** Every rule, by name. */
export const rules: readonly Rule[] = [
  banAutovacuumOff,
  banBackfillWithDdl,
  banBlockingRewrite,
  banConcurrentIndexCreationInTransaction,
  banConstraintGap,
  banDisableTrigger,
  banDuplicateColumnAssignments,
  banEnumValueInSameTransaction,
  banExplicitLock,
  banGrantToPublic,
  banPasswordLiteral,
  banSessionSetting,
  banSlowWorkUnderLock,
  banTruncate,
  banTruncateCascade,
  banUncommittedTransaction,
  banWriteWithoutWhere,
  preferAttachPartition,
  preferOneAlterTable,
  preferOneTablePerTransaction,
  preferReconnectAfterColumnChange,
  preferRobustStmts,
  preferShortTriggerLock,
  preferSingleStatementOutsideTransaction,
  preferStaticSql,
  requireBatchedBackfill,
  requireConcurrentIndexCreation,
  requireConcurrentPartitionDetach,
  requireConcurrentRefresh,
  requireLockTimeout,
  requirePartitionCheck,
  requirePolicyWithRowSecurity,
  requireSearchPathForSecurityDefiner,
  requireStatementTimeout,
  transactionNesting,
]
