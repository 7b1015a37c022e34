import type { Rule } from '../rule.ts'
import banAloneStatementInDown from './ban-alone-statement-in-down.ts'
import banAlterDomainWithAddConstraint from './ban-alter-domain-with-add-constraint.ts'
import banCharField from './ban-char-field.ts'
import banCreateDomainWithConstraint from './ban-create-domain-with-constraint.ts'
import banDuplicateVersion from './ban-duplicate-version.ts'
import banEnum from './ban-enum.ts'
import banLateVersion from './ban-late-version.ts'
import banMigrationAtBoot from './ban-migration-at-boot.ts'
import banOrderDependentSchema from './ban-order-dependent-schema.ts'
import banPostHole from './ban-post-hole.ts'
import banReleasedMigrationChange from './ban-released-migration-change.ts'
import notParsed from './not-parsed.ts'
import preferBigintOverInt from './prefer-bigint-over-int.ts'
import preferBigintOverSmallint from './prefer-bigint-over-smallint.ts'
import preferIdentity from './prefer-identity.ts'
import preferJsonb from './prefer-jsonb.ts'
import preferLosslessDown from './prefer-lossless-down.ts'
import preferReversibleMigration from './prefer-reversible-migration.ts'
import preferSnakeCaseNames from './prefer-snake-case-names.ts'
import preferSortedNames from './prefer-sorted-names.ts'
import preferTextField from './prefer-text-field.ts'
import preferTimestampTz from './prefer-timestamp-tz.ts'
import requireConcurrentIndexCreation from './require-concurrent-index-creation.ts'
import requireDown from './require-down.ts'
import requireIgnoreReason from './require-ignore-reason.ts'
import requireInverseDown from './require-inverse-down.ts'
import requireMigrationName from './require-migration-name.ts'
import requirePrimaryKey from './require-primary-key.ts'
import requireReadableDown from './require-readable-down.ts'
import requireReplicaIdentity from './require-replica-identity.ts'
import requireTableComment from './require-table-comment.ts'
import requireTableSchema from './require-table-schema.ts'
import syntaxError from './syntax-error.ts'
import unreadableMigration from './unreadable-migration.ts'
import unusedIgnore from './unused-ignore.ts'

/** Every rule, by name. */
export const rules: readonly Rule[] = [
  banAloneStatementInDown,
  banAlterDomainWithAddConstraint,
  banCharField,
  banCreateDomainWithConstraint,
  banDuplicateVersion,
  banEnum,
  banLateVersion,
  banMigrationAtBoot,
  banOrderDependentSchema,
  banPostHole,
  banReleasedMigrationChange,
  notParsed,
  preferBigintOverInt,
  preferBigintOverSmallint,
  preferIdentity,
  preferJsonb,
  preferLosslessDown,
  preferReversibleMigration,
  preferSnakeCaseNames,
  preferSortedNames,
  preferTextField,
  preferTimestampTz,
  requireConcurrentIndexCreation,
  requireDown,
  requireIgnoreReason,
  requireInverseDown,
  requireMigrationName,
  requirePrimaryKey,
  requireReadableDown,
  requireReplicaIdentity,
  requireTableComment,
  requireTableSchema,
  syntaxError,
  unreadableMigration,
  unusedIgnore,
]
