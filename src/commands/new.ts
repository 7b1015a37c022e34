import { join, relative } from 'node:path'
import { ReleaseError } from '../errors.ts'
import { nextVersion } from '../migration/layout.ts'
import { plain } from '../migration/layouts/plain.ts'
import { type Context, defineCommand, type Outcome } from './command.ts'
import { readMigrations } from './migration-state.ts'

export default defineCommand({
  summary: "Make the next migration in the layout's form: new add_users_email, or new --post drop_users_name.",
  inputs: ['name', 'post', 'layout', 'migrate-command', 'migrate-command-post', 'migrations', 'migrations-post'],
  positional: 'name',
  outputs: {},
  terminalOnly: true,

  async run(inputs, context): Promise<Outcome> {
    const { layout, migrations } = await existing(inputs, context)
    const phase = inputs.post ? 'post' : 'pre'
    const file = layout.newFile(inputs.name, phase, nextVersion(migrations, context.clock.now()))
    const path = join(inputs.post ? inputs['migrations-post'] : inputs.migrations, file.name)
    await context.writeNewFile(path, file.text)
    const shown = relative(context.baseDir, path)
    return {
      verdict: 'pass',
      reason: `${shown} is there, to run ${phase === 'pre' ? 'before the new code' : 'when no old code is left'}.`,
      details: { path: shown, phase, layout: layout.name },
    }
  },
})

/** A project without any migration gets the plain layout, unless another is named. */
async function existing(inputs: Parameters<typeof readMigrations>[0], context: Context) {
  try {
    return await readMigrations(inputs, context)
  } catch (error) {
    if (!(error instanceof ReleaseError) || error.code !== 'migrations-not-found') throw error
    const { layouts } = await import('../migration/layouts/index.ts')
    return { layout: layouts.find(({ name }) => name === inputs.layout) ?? plain, migrations: [] }
  }
}
