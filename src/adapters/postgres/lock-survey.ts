import type pg from 'pg'
import type { LockTarget } from '../../migration/lock-target.ts'
import type { RelationLock } from '../../sql/locks.ts'
export async function surveyLocks(_client: pg.Client, _locks: readonly RelationLock[]): Promise<readonly LockTarget[]> {
  return []
}
