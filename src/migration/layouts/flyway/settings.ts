import { ReleaseError } from '../../../errors.ts'
import type { Variables } from './placeholders.ts'

/** Whether Flyway takes a value for true; for every other it takes false, or refuses it. */
export function isTrue(value: string | undefined): boolean {
  return value?.trim().toLowerCase() === 'true'
}

/** Throws `unsupported-migration` for a setting of Flyway's environment under which other files would run, or the same in another way. */
export function refuseOtherSettings(variables: Variables): void {
  for (const [name, followed] of Object.entries(followedValues)) {
    const value = variables[name]
    if (value === undefined || followed.test(value)) continue
    throw new ReleaseError('unsupported-migration', `${name} is set in the environment to something that Shiplock does not follow.`, {
      hint: 'Leave it out, or have the files run by Flyway: migrations.layout: command.',
    })
  }
}

const followedValues: Readonly<Record<string, RegExp>> = {
  FLYWAY_ENCODING: /^(?:utf-?8)?$/i,
  FLYWAY_INIT_SQL: /^\s*$/,
  FLYWAY_PLACEHOLDER_PREFIX: /^\$\{$/,
  FLYWAY_PLACEHOLDER_SEPARATOR: /^:$/,
  FLYWAY_PLACEHOLDER_SUFFIX: /^\}$/,
  FLYWAY_REPEATABLE_SQL_MIGRATION_PREFIX: /^R$/,
  FLYWAY_SKIP_EXECUTING_MIGRATIONS: /^(?:false)?$/i,
  FLYWAY_SQL_MIGRATION_PREFIX: /^V$/,
  FLYWAY_SQL_MIGRATION_SEPARATOR: /^__$/,
  FLYWAY_SQL_MIGRATION_SUFFIXES: /^\.sql$/,
  FLYWAY_TARGET: /^(?:latest)?$/i,
}
