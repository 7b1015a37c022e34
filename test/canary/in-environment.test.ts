import { expect, test } from 'vitest'
import { checkSchema } from '../../src/canary/check.ts'
import { canaryPlan } from '../../src/commands/canary-plan.ts'
import { canaryInputs } from '../commands/canary-given.ts'
import { fakeContext } from '../fakes/context.ts'

test('one list of checks asks for the series and the logs of the environment that is watched, and SQL as it is', () => {
  const checks = [
    checkSchema.parse({
      id: 'rate',
      kind: 'rate',
      prometheus: 'r{env="$environment"}',
      requests: 'n{env="$environment"}',
      control: 'c{env="$environment"}',
    }),
    checkSchema.parse({ id: 'logs', kind: 'logs', loki: '{env="$environment"} |~ "x$environment$"', live: '{env="$environment"}' }),
    checkSchema.parse({ id: 'queue', kind: 'gauge', sql: "select '$environment'", baseline: 'none', max: 1 }),
  ]
  const [rate, logs, queue] = canaryPlan(checks, canaryInputs(), fakeContext({ environment: 'eu-1' }).context).checks
  expect(rate).toMatchObject({ prometheus: 'r{env="eu-1"}', requests: 'n{env="eu-1"}', control: 'c{env="eu-1"}' })
  expect(logs).toMatchObject({ loki: '{env="eu-1"} |~ "xeu-1$"', live: '{env="eu-1"}' })
  expect(queue).toMatchObject({ sql: "select '$environment'" })
})
