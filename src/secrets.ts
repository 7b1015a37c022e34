import { connectionFromVariables } from './connection.ts'
import { inputNames, traitsOf } from './inputs.ts'
import { secretForms } from './redact.ts'

/** The texts that must never be printed, found before anything is parsed. */
export function secretsOf(
  given: ReadonlyMap<string, string>,
  variables: Readonly<Record<string, string | undefined>>,
): ReadonlySet<string> {
  const secretInputs = inputNames.filter((name) => traitsOf(name).secret)
  const urls = [...secretInputs.map((name) => given.get(name)), variables.DATABASE_URL, connectionFromVariables(variables)]
  const forms = urls.filter((url): url is string => Boolean(url)).flatMap(secretForms)
  return new Set(variables.PGPASSWORD ? [...forms, variables.PGPASSWORD] : forms)
}
