import type { Rule } from '../rule.ts'
import banBackfillWithDdl from './ban-backfill-with-ddl.ts'
import banConcurrentIndexCreationInTransaction from './ban-concurrent-index-creation-in-transaction.ts'
import banSlowWorkUnderLock from './ban-slow-work-under-lock.ts'
import banTruncate from './ban-truncate.ts'
import banTruncateCascade from './ban-truncate-cascade.ts'
import banUncommittedTransaction from './ban-uncommitted-transaction.ts'
import banWriteWithoutWhere from './ban-write-without-where.ts'
import requireBatchedBackfill from './require-batched-backfill.ts'
import requireConcurrentIndexCreation from './require-concurrent-index-creation.ts'
import transactionNesting from './transaction-nesting.ts'

/** Every rule, by name. */
export const rules: readonly Rule[] = [
  banBackfillWithDdl,
  banConcurrentIndexCreationInTransaction,
  banSlowWorkUnderLock,
  banTruncate,
  banTruncateCascade,
  banUncommittedTransaction,
  banWriteWithoutWhere,
  requireBatchedBackfill,
  requireConcurrentIndexCreation,
  transactionNesting,
]
