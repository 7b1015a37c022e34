import type { Rule } from '../rule.ts'
import addingFieldWithDefault from './adding-field-with-default.ts'
import addingForeignKeyConstraint from './adding-foreign-key-constraint.ts'
import addingNotNullableField from './adding-not-nullable-field.ts'
import addingRequiredField from './adding-required-field.ts'
import addingSerialPrimaryKeyField from './adding-serial-primary-key-field.ts'
import banAddingSerialColumn from './ban-adding-serial-column.ts'
import banConcurrentIndexIfNotExists from './ban-concurrent-index-if-not-exists.ts'
import banConcurrentIndexOnPartitionedTable from './ban-concurrent-index-on-partitioned-table.ts'
import banDuplicateName from './ban-duplicate-name.ts'
import banExclusionConstraint from './ban-exclusion-constraint.ts'
import banMismatchedForeignKeyType from './ban-mismatched-foreign-key-type.ts'
import banNarrowingColumnType from './ban-narrowing-column-type.ts'
import banStoredGeneratedColumn from './ban-stored-generated-column.ts'
import banValidateInSameTransaction from './ban-validate-in-same-transaction.ts'
import changingColumnType from './changing-column-type.ts'
import constraintMissingNotValid from './constraint-missing-not-valid.ts'
import disallowedUniqueConstraint from './disallowed-unique-constraint.ts'
import identifierTooLong from './identifier-too-long.ts'
import preferForeignKeyAlone from './prefer-foreign-key-alone.ts'
import preferOneForeignKeyPerTransaction from './prefer-one-foreign-key-per-transaction.ts'
import preferUniqueCheckedFirst from './prefer-unique-checked-first.ts'
import requireConcurrentIndexCreation from './require-concurrent-index-creation.ts'
import requireConcurrentIndexDeletion from './require-concurrent-index-deletion.ts'
import requireConcurrentReindex from './require-concurrent-reindex.ts'
import requireForeignKeyDropFirst from './require-foreign-key-drop-first.ts'
import requireForeignKeyIndex from './require-foreign-key-index.ts'
import requireNotNullBeforePrimaryKey from './require-not-null-before-primary-key.ts'
import requireReplacementIndexFirst from './require-replacement-index-first.ts'

/** Every rule, by name. */
export const rules: readonly Rule[] = [
  addingFieldWithDefault,
  addingForeignKeyConstraint,
  addingNotNullableField,
  addingRequiredField,
  addingSerialPrimaryKeyField,
  banAddingSerialColumn,
  banConcurrentIndexIfNotExists,
  banConcurrentIndexOnPartitionedTable,
  banDuplicateName,
  banExclusionConstraint,
  banMismatchedForeignKeyType,
  banNarrowingColumnType,
  banStoredGeneratedColumn,
  banValidateInSameTransaction,
  changingColumnType,
  constraintMissingNotValid,
  disallowedUniqueConstraint,
  identifierTooLong,
  preferForeignKeyAlone,
  preferOneForeignKeyPerTransaction,
  preferUniqueCheckedFirst,
  requireConcurrentIndexCreation,
  requireConcurrentIndexDeletion,
  requireConcurrentReindex,
  requireForeignKeyDropFirst,
  requireForeignKeyIndex,
  requireNotNullBeforePrimaryKey,
  requireReplacementIndexFirst,
]
