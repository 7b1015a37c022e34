import { dirname, join, relative } from 'node:path'
import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import type { ReadFolders } from '../migration/collect.ts'
import { layouts } from '../migration/layouts/index.ts'
import { otherTable } from '../migration/layouts/other-table.ts'
import type { Context } from './command.ts'

export type SettingsInputs = Pick<InputValues, 'migrations'> & Partial<Pick<InputValues, 'migrations-table'>>

/** Throws `unknown-layout` where the project names a tool whose files would have such names too, and nothing in them tells whose they are. */
export async function refuseUnsigned(
  { layout, shownBy }: Pick<ReadFolders, 'layout' | 'shownBy'>,
  inputs: SettingsInputs,
  context: Context,
): Promise<void> {
  if (shownBy === undefined || layout.knownByNames === undefined) return
  for (const { name, namedIn } of layouts) {
    if (namedIn === undefined) continue
    const found = (await filesOfTool(namedIn.file, inputs, context)).find(({ text }) => namedIn.by.test(text))
    if (found === undefined) continue
    throw new ReleaseError(
      'unknown-layout',
      `The files may be written for ${layout.name} (${shownBy}) or ${name} (${found.path} names it).`,
      { hint: `Set migrations.layout in shiplock.yml to ${layout.name} or ${name}: each keeps a version table of its own.` },
    )
  }
}

/** Throws where settings of the tool's own change what it runs or writes. */
export async function refuseSettings({ layout, migrations }: ReadFolders, inputs: SettingsInputs, context: Context): Promise<void> {
  const { table, tableVariable = '', settings } = layout
  const named = context.variables[tableVariable]
  if (named && named !== table.table && inputs['migrations-table'] === undefined) throw otherTable(tableVariable, named, table.table)
  for (const name of settings?.files ?? []) {
    const [file] = await filesOfTool(name, inputs, context)
    if (file !== undefined) settings?.refuse(file, migrations, inputs['migrations-table'])
  }
}

/** The files of a name where a tool looks for its own: above the folder of migrations first, then where it is started. */
async function filesOfTool(name: string, { migrations }: SettingsInputs, context: Context) {
  const paths = [...new Set([dirname(migrations), context.baseDir])].map((folder) => join(folder, name))
  const texts = await Promise.all(paths.map((path) => context.readText(path)))
  return paths.flatMap((path, index) => {
    const text = texts[index]
    return text === undefined ? [] : [{ path: relative(context.baseDir, path), text }]
  })
}
