import { dirname, join, relative } from 'node:path'
import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import type { ReadFolders } from '../migration/collect.ts'
import { otherTable } from '../migration/layouts/other-table.ts'
import type { Context } from './command.ts'

type Folders = Pick<InputValues, 'migrations'>

/** Throws `unknown-layout` where the project names sqlx: nothing in its files tells them from others with such names. */
export async function refuseUnsigned({ layout, shownBy }: Pick<ReadFolders, 'layout' | 'shownBy'>, inputs: Folders, context: Context) {
  if (shownBy === undefined || !['plain', 'golang-migrate'].includes(layout.name)) return
  for (const folder of [dirname(inputs.migrations), context.baseDir]) {
    const path = join(folder, 'Cargo.toml')
    const text = await context.readText(path)
    if (text === undefined || !/^\s*(?:sqlx\b|\[[\w.-]*dependencies\.sqlx\])/m.test(text)) continue
    throw new ReleaseError(
      'unknown-layout',
      `The files may be written for ${layout.name} (${shownBy}) or sqlx (${relative(context.baseDir, path)} names it).`,
      { hint: `Set migrations.layout in shiplock.yml to ${layout.name} or sqlx: each keeps a version table of its own.` },
    )
  }
}

/** Throws where settings of the tool's own, which it reads above the folder of migrations or where it is started, change what it runs or writes. */
export async function refuseSettings(
  { layout, migrations }: ReadFolders,
  inputs: Folders & Partial<Pick<InputValues, 'migrations-table'>>,
  context: Context,
): Promise<void> {
  const { table, tableVariable = '', settings } = layout
  const named = context.variables[tableVariable]
  if (named && named !== table.table && inputs['migrations-table'] === undefined) throw otherTable(tableVariable, named, table.table)
  for (const name of settings?.files ?? []) {
    for (const path of [join(dirname(inputs.migrations), name), join(context.baseDir, name)]) {
      const text = await context.readText(path)
      if (text === undefined) continue
      settings?.refuse({ path: relative(context.baseDir, path), text }, migrations, inputs['migrations-table'])
      break
    }
  }
}
