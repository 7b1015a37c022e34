import fc from 'fast-check'
import { expect, test } from 'vitest'
import { messageOf } from '../../../src/errors.ts'
import { conclude } from '../../../src/gate/config/conclude.ts'
import { annotationsOfKeys, detailsOf } from '../../../src/gate/config/details.ts'
import { NameReader } from '../../../src/gate/config/host-names.ts'
import { judgeKeys } from '../../../src/gate/config/judge.ts'
import { keysOf } from '../../../src/gate/config/keys.ts'
import { readPrintedKeys } from '../../../src/gate/config/printed-keys.ts'
import { readTemplate } from '../../../src/gate/config/template.ts'
import { renderSummary } from '../../../src/report/summary.ts'
import { renderTerminal } from '../../../src/report/terminal.ts'
import type { CommandResult } from '../../../src/result.ts'

const marker = 'Zq7m4rkerZq7'

const name = fc.constantFrom(
  'APP_MAIL__BACKEND',
  'APP_MAIL_BACKEND',
  'APP_DATABASE__URL',
  'app_database__url',
  'APP_KEY',
  'OTHER_THING',
  'export APP_KEY ',
)
const sign = fc.constantFrom('"', "'", '`', '\\', '\n', '\r\n', '=', ' ', '#', '\0', 'x', '$', 'APP_KEY')
/** Anything with the marker in it, also what no reader of env files takes. */
const value = fc.array(fc.oneof(sign, fc.constant(marker)), { maxLength: 10 }).map((parts) => parts.join(''))
const hostText = fc.array(fc.tuple(name, value), { maxLength: 8 }).map((lines) => lines.map(([key, text]) => `${key}=${text}\n`).join(''))
/** One line each: what follows a line end is a line of the template, and its names are no secret. */
const templateValue = fc
  .array(fc.constantFrom('"', "'", '\\', '=', ' ', '#', "{{ x | default('", "') }}", marker), { maxLength: 6 })
  .map((parts) => parts.join(''))
const templateText = fc
  .array(
    fc.tuple(
      fc.constantFrom('', '#', '# ', '# such as ', 'export '),
      fc.constantFrom('APP_MAIL__BACKEND', 'APP_DATABASE__URL', 'APP_KEY'),
      templateValue,
    ),
    { maxLength: 5 },
  )
  .map((lines) => lines.map(([before, key, text]) => `${before}${key}=${text}\n`).join(''))

/** All that a person or a program sees of a check. */
function outputsOf(host: string, template: string, live: string): string {
  const reader = new NameReader()
  reader.push(Buffer.from(host))
  const names = reader.end('web.env')
  const judgement = judgeKeys({
    release: keysOf([readTemplate('.env.example', template)]),
    live: keysOf([readTemplate('.env.example', live)]),
    host: names,
    complete: true,
    answers: [],
    isIgnored: () => false,
  })
  const { error, ...conclusion } = conclude({ judgement, environment: 'production', unread: [], unreadFiles: [] })
  const entry = { tool: 'shiplock', command: 'config-check', ...conclusion, ...detailsOf(judgement) } as unknown as CommandResult
  const result = { schema: 'shiplock/result@1' as const, verdict: conclusion.verdict, exitCode: 0, commands: [entry] }
  const annotations = annotationsOfKeys(judgement, true, '')
  return [
    JSON.stringify(result),
    renderSummary(result),
    renderTerminal(result, { color: false }),
    JSON.stringify(annotations),
    error?.message,
    error?.hint,
  ].join('\n')
}

test('whatever stands behind the names of a host, and in the values of templates, none of it is shown', () => {
  fc.assert(
    fc.property(hostText, templateText, templateText, (host, template, live) => {
      let seen: string
      try {
        seen = outputsOf(host, template, live)
      } catch (error) {
        seen = messageOf(error)
      }
      expect(seen).not.toContain(marker)
    }),
    { numRuns: 400 },
  )
})

test('what a command prints in place of names is refused without being shown', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(sign, fc.constant(`${marker}=`), fc.constant(`=${marker}`)), { maxLength: 8 }), (parts) => {
      let seen = ''
      try {
        seen = JSON.stringify(readPrintedKeys(`A\n${parts.join('')}`).lines.map((line) => line.name))
      } catch (error) {
        seen = messageOf(error)
      }
      expect(seen).not.toContain(marker)
    }),
    { numRuns: 500 },
  )
})
