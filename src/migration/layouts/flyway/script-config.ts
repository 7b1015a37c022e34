import { ReleaseError } from '../../../errors.ts'
import { textOf } from '../../layout.ts'
import type { SourceFile } from '../../migration.ts'
import { isTrue } from './settings.ts'

/** What `V1__name.sql.conf` says of the file beside it. */
export interface ScriptConfig {
  /** `undefined` where it says nothing: then the statements tell. */
  readonly inTransaction: boolean | undefined
  /** `undefined` where it says nothing: then the environment tells. */
  readonly replaces: boolean | undefined
}

/** Throws `unsupported-migration` for a setting that would change how the file runs, `invalid-migration` for what Flyway refuses. */
export function readScriptConfig(file: SourceFile | undefined): ScriptConfig {
  const settings = new Map(file === undefined ? [] : linesOf(file))
  return {
    inTransaction: settings.get('executeInTransaction'),
    replaces: settings.get('placeholderReplacement'),
  }
}

function linesOf(file: SourceFile): [name: string, value: boolean][] {
  return textOf(file)
    .split(/\r\n|\r|\n/)
    .flatMap((line, index): [string, boolean][] => {
      const text = line.trim()
      if (text === '' || /^[#!]/.test(text)) return []
      const at = `${file.path}:${index + 1}:1`
      const [, name = '', value = ''] = /^([^\s=:]+)\s*[=:]?\s*(.*)$/.exec(text) ?? []
      if (name === 'encoding' && /^utf-?8$/i.test(value)) return []
      if (name !== 'executeInTransaction' && name !== 'placeholderReplacement') {
        throw new ReleaseError(
          'unsupported-migration',
          `${at} sets ${/^[\w.]{1,60}$/.test(name) ? name : 'something'}, which Shiplock does not follow.`,
          {
            at,
            hint: 'It follows executeInTransaction and placeholderReplacement. To have such files run by Flyway, use migrations.layout: command.',
          },
        )
      }
      if (!/^(?:true|false)$/i.test(value)) {
        throw new ReleaseError('invalid-migration', `${at} sets ${name} to something else than true or false, which Flyway refuses.`, {
          at,
          hint: `Write ${name}=true or ${name}=false.`,
        })
      }
      return [[name, isTrue(value)]]
    })
}
