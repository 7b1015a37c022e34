import { type InputName, type InputValues, inputs } from '../../src/inputs.ts'

/** The inputs of a command: defaults, and what a test gives. */
export function givenTo<Name extends InputName>(
  command: { readonly inputs: readonly Name[] },
  values: Partial<InputValues>,
): Pick<InputValues, Name> {
  const defaults = command.inputs.map((name) => [name, inputs.shape[name].safeParse(undefined).data])
  return { ...(Object.fromEntries(defaults) as Pick<InputValues, Name>), ...values }
}
