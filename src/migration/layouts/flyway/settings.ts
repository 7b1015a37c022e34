import { ReleaseError } from '../../../errors.ts'
import type { Migration } from '../../migration.ts'
import { otherTable } from '../other-table.ts'
import type { Variables } from './placeholders.ts'

/** Whether Flyway takes a value for true; for every other it takes false, or refuses it. */
export function isTrue(value: string | undefined): boolean {
  return value?.trim().toLowerCase() === 'true'
}

/** Throws `unsupported-migration` for a setting of Flyway's environment under which other files would run, or the same in another way. */
export function refuseOtherVariables(variables: Variables): void {
  for (const [setting, followed] of Object.entries(followedValues)) {
    const name = `FLYWAY_${setting.replace(/[A-Z]/g, '_$&').toUpperCase()}`
    const value = variables[name]
    if (value === undefined || followed.test(value)) continue
    throw new ReleaseError('unsupported-migration', `${name} is set in the environment to something that Shiplock does not follow.`, {
      hint: 'Leave it out, or have the files run by Flyway: migrations.layout: command.',
    })
  }
}

/** The version table when no setting names another. */
export const usualTable = 'flyway_schema_history'

interface NamedText {
  readonly path: string
  readonly text: string
}

/** Where Flyway looks for its settings, from the folder in which it is started. */
export const settingsFiles = ['flyway.toml', 'flyway.user.toml', 'flyway.conf']

/** The same for such a file, and for those settings alone that nothing else would show: a name or a missing value tells of others. */
export function refuseOtherSettings({ path, text }: NamedText, _: readonly Migration[], table: string | undefined): void {
  let section = ''
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    section = /^\s*\[+\s*([^\]]*?)\s*\]/.exec(line)?.[1] ?? section
    if (section !== '' && section !== 'flyway') continue
    const [, name = '', written = ''] = /^\s*(?:flyway\s*\.\s*)?(\w+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? []
    const value = plainValue(written)
    if (name === 'table' && table === undefined && value !== usualTable) throw otherTable(path, value, usualTable)
    const followed = unseenSettings.find((one) => one === name)
    if (followed === undefined || followedValues[followed].test(value)) continue
    const at = `${path}:${index + 1}:1`
    throw new ReleaseError('unsupported-migration', `${at} sets ${name} to something that Shiplock does not follow.`, {
      at,
      hint: 'Leave it out, or have the files run by Flyway: migrations.layout: command.',
    })
  }
}

/** Without the quotes and brackets of TOML and what follows them. */
function plainValue(written: string): string {
  return /^\[?\s*(["'])(.*?)\1\s*,?\s*\]?\s*(?:#.*)?$/.exec(written)?.[2] ?? written
}

const unseenSettings = ['placeholderPrefix', 'placeholderSeparator', 'placeholderSuffix', 'sqlMigrationSuffixes'] as const

const followedValues = {
  encoding: /^(?:utf-?8)?$/i,
  initSql: /^\s*$/,
  placeholderPrefix: /^\$\{$/,
  placeholderSeparator: /^:$/,
  placeholderSuffix: /^\}$/,
  repeatableSqlMigrationPrefix: /^R$/,
  skipExecutingMigrations: /^(?:false)?$/i,
  sqlMigrationPrefix: /^V$/,
  sqlMigrationSeparator: /^__$/,
  sqlMigrationSuffixes: /^\.sql$/,
  target: /^(?:latest)?$/i,
} satisfies Readonly<Record<string, RegExp>>
