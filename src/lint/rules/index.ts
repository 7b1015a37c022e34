import type { Rule } from '../rule.ts'
import banAutovacuumOff from './ban-autovacuum-off.ts'
import banBackfillWithDdl from './ban-backfill-with-ddl.ts'
import banBlockingRewrite from './ban-blocking-rewrite.ts'
import banConcurrentIndexCreationInTransaction from './ban-concurrent-index-creation-in-transaction.ts'
import banDisableTrigger from './ban-disable-trigger.ts'
import banExplicitLock from './ban-explicit-lock.ts'
import banSlowWorkUnderLock from './ban-slow-work-under-lock.ts'
import banTruncate from './ban-truncate.ts'
import banTruncateCascade from './ban-truncate-cascade.ts'
import banUncommittedTransaction from './ban-uncommitted-transaction.ts'
import banWriteWithoutWhere from './ban-write-without-where.ts'
import preferAttachPartition from './prefer-attach-partition.ts'
import preferShortTriggerLock from './prefer-short-trigger-lock.ts'
import requireBatchedBackfill from './require-batched-backfill.ts'
import requireConcurrentIndexCreation from './require-concurrent-index-creation.ts'
import requireConcurrentPartitionDetach from './require-concurrent-partition-detach.ts'
import requireConcurrentRefresh from './require-concurrent-refresh.ts'
import requirePartitionCheck from './require-partition-check.ts'
import requirePolicyWithRowSecurity from './require-policy-with-row-security.ts'
import transactionNesting from './transaction-nesting.ts'

/** Every rule, by name. */
export const rules: readonly Rule[] = [
  banAutovacuumOff,
  banBackfillWithDdl,
  banBlockingRewrite,
  banConcurrentIndexCreationInTransaction,
  banDisableTrigger,
  banExplicitLock,
  banSlowWorkUnderLock,
  banTruncate,
  banTruncateCascade,
  banUncommittedTransaction,
  banWriteWithoutWhere,
  preferAttachPartition,
  preferShortTriggerLock,
  requireBatchedBackfill,
  requireConcurrentIndexCreation,
  requireConcurrentPartitionDetach,
  requireConcurrentRefresh,
  requirePartitionCheck,
  requirePolicyWithRowSecurity,
  transactionNesting,
]
