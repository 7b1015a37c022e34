import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import type { LintInput } from '../lint/engine.ts'
import type { Context } from './command.ts'
import { type databaseInputNames, databaseInputs } from './database-inputs.ts'

type Given = Pick<
  InputValues,
  Exclude<(typeof databaseInputNames)[number], 'database-url'> | 'schema-from' | 'pg-bin-dir' | 'install-tools'
> & {
  readonly 'database-url'?: InputValues['database-url'] | undefined
}

/** The schema of the database, where that is what the new migrations meet; `undefined` when the released files tell. */
export async function startingSchema(inputs: Given, context: Context): Promise<LintInput['start']> {
  if (inputs['schema-from'] === 'files') return undefined
  const url = inputs['database-url']
  if (url === undefined) {
    throw new ReleaseError('invalid-input', 'schema-from: database needs database-url.', {
      hint: 'Set the environment variable DATABASE_URL, or leave schema-from out: then the released files tell what is there.',
    })
  }
  await using target = await databaseInputs({ ...inputs, 'database-url': url }, context)
  const schema = await context.readSchema(target, { binDir: inputs['pg-bin-dir'], install: inputs['install-tools'] })
  return { schema, holdsReleased: true }
}
