import { connectionFromVariables } from './connection.ts'
import { inputNames, traitsOf } from './inputs.ts'
import { secretForms } from './redact.ts'
import { privateKeyForms } from './ssh-key.ts'

/** The texts that must never be printed, found before anything is parsed. */
export function secretsOf(
  given: ReadonlyMap<string, string>,
  variables: Readonly<Record<string, string | undefined>>,
): ReadonlySet<string> {
  const secretInputs = inputNames.filter((name) => traitsOf(name).secret && name !== 'ssh-key')
  const urls = [...secretInputs.map((name) => given.get(name)), variables.DATABASE_URL, connectionFromVariables(variables)]
  const keys = [given.get('ssh-key'), variables.SSH_KEY]
  const forms = [...urls.filter(isGiven).flatMap(secretForms), ...keys.filter(isGiven).flatMap(privateKeyForms)]
  return new Set(variables.PGPASSWORD ? [...forms, variables.PGPASSWORD] : forms)
}

function isGiven(text: string | undefined): text is string {
  return Boolean(text)
}
