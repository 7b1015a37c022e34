import type { Rule } from '../rule.ts'
import banAloneStatementInDown from './ban-alone-statement-in-down.ts'
import banDuplicateVersion from './ban-duplicate-version.ts'
import banLateVersion from './ban-late-version.ts'
import banMigrationAtBoot from './ban-migration-at-boot.ts'
import banOrderDependentSchema from './ban-order-dependent-schema.ts'
import banPostHole from './ban-post-hole.ts'
import banReleasedMigrationChange from './ban-released-migration-change.ts'
import preferLosslessDown from './prefer-lossless-down.ts'
import preferReversibleMigration from './prefer-reversible-migration.ts'
import preferSortedNames from './prefer-sorted-names.ts'
import requireConcurrentIndexCreation from './require-concurrent-index-creation.ts'
import requireDown from './require-down.ts'
import requireInverseDown from './require-inverse-down.ts'
import requireMigrationName from './require-migration-name.ts'
import requireReadableDown from './require-readable-down.ts'
import requireReplicaIdentity from './require-replica-identity.ts'

/** Every rule, by name. */
export const rules: readonly Rule[] = [
  banAloneStatementInDown,
  banDuplicateVersion,
  banLateVersion,
  banMigrationAtBoot,
  banOrderDependentSchema,
  banPostHole,
  banReleasedMigrationChange,
  preferLosslessDown,
  preferReversibleMigration,
  preferSortedNames,
  requireConcurrentIndexCreation,
  requireDown,
  requireInverseDown,
  requireMigrationName,
  requireReadableDown,
  requireReplicaIdentity,
]
