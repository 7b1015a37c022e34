import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { checkForms } from '../src/canary/check.ts'
import type { Command } from '../src/commands/command.ts'
import { commands } from '../src/commands/index.ts'
import { type ConfigKeys, configKeys } from '../src/config/keys.ts'
import { errorCodes } from '../src/errors.ts'
import { configPathOf, edgeInputs, type InputName, inputNames, inputs, traitsOf } from '../src/inputs.ts'
import { rulePages } from './rule-pages.ts'

// Writes everything that is made from the inputs, the commands, the error codes and the rules of lint. With --check nothing is written,
// and a file that differs is named.

const check = process.argv.includes('--check')
const named: [string, Command][] = []
for (const [name, load] of Object.entries(commands)) named.push([name, (await load()).default])

const files: Record<string, string> = {
  'action.yml': actionYaml(readFileSync('action.yml', 'utf8')),
  'src/help.ts': helpModule(),
  'docs/reference.md': reference(),
  'docs/errors.md': errorPage(),
  ...rulePages(),
  'shiplock.schema.json': `${JSON.stringify(configSchema(), undefined, 2)}\n`,
}
let stale = 0
for (const [path, text] of Object.entries(files)) {
  const current = read(path)
  if (current === text) continue
  stale++
  if (check) process.stderr.write(`${path} is not what npm run generate writes\n`)
  else {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}
for (const name of readdirSync('docs/rules')) {
  const path = `docs/rules/${name}`
  if (Object.hasOwn(files, path)) continue
  stale++
  if (check) process.stderr.write(`${path} is about a rule that does not exist\n`)
  else rmSync(path)
}
process.exitCode = check && stale > 0 ? 1 : 0

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

interface Facts {
  readonly description: string
  readonly required: boolean
  readonly fallback: string | undefined
  readonly choices: readonly string[] | undefined
}

function factsOf(name: InputName): Facts {
  let schema = inputs.shape[name] as z.ZodType
  const description = schema.description ?? ''
  let fallback: string | undefined
  let required = traitsOf(name).otherwise === undefined
  for (;;) {
    const { def } = schema as unknown as {
      def: { type: string; innerType?: z.ZodType; in?: z.ZodType; defaultValue?: string; entries?: Record<string, string> }
    }
    if (def.type === 'prefault') fallback = String(def.defaultValue)
    if (def.type === 'prefault' || def.type === 'optional') required = false
    const inner = def.innerType ?? def.in
    if (inner === undefined) return { description, required, fallback, choices: def.entries && Object.keys(def.entries) }
    schema = inner
  }
}

function defaultText(name: InputName): string {
  const { fallback, required } = factsOf(name)
  return fallback ?? traitsOf(name).otherwise ?? (required ? 'required' : 'none')
}

/** Commands with several of an input's uses, for the description in action.yml. */
function usersOf(name: InputName): string[] {
  return named.filter(([, command]) => command.inputs.includes(name)).map(([one]) => one)
}

function actionYaml(template: string): string {
  const input = (name: string, description: string) => `  ${name}:\n    description: ${yamlText(description)}\n    required: false\n`
  const inputText = [
    ...Object.entries(edgeInputs).map(([name, description]) => input(name, description)),
    ...inputNames.filter((name) => !traitsOf(name).terminal).map((name) => input(name, describe(name))),
  ].join('')
  const output = (name: string, description: string) => `  ${name}:\n    description: ${yamlText(description)}\n`
  const outputText = [
    output('verdict', 'pass, fail or inconclusive, of all commands together.'),
    output('result', 'Path of the JSON result, also when the step failed.'),
    ...named.flatMap(([name, command]) =>
      command.terminalOnly
        ? []
        : [
            output(`${name}-verdict`, `Verdict of ${name}.`),
            ...Object.entries(command.outputs).map(([key, text]) => output(`${name}-${key}`, text)),
          ],
    ),
  ].join('')
  return between(between(template, 'inputs', inputText), 'outputs', outputText)
}

/** In the quotes that need no escape, as the formatter wants them. */
function yamlText(text: string): string {
  return text.includes('"') && !text.includes("'") ? `'${text}'` : JSON.stringify(text)
}

function describe(name: InputName): string {
  const { description, choices } = factsOf(name)
  const values = choices === undefined ? '' : ` One of ${choices.join(', ')}.`
  return `${description}${values} Default: ${defaultText(name)}. Used by: ${usersOf(name).join(', ') || 'every command'}.`
}

function between(text: string, marker: string, body: string): string {
  const start = `  # generated: ${marker}\n`
  const from = text.indexOf(start) + start.length
  return text.slice(0, from) + body + text.slice(text.indexOf('  # end of generated', from))
}

function helpModule(): string {
  const texts = Object.fromEntries([['', mainHelp()], ...named.map(([name, command]) => [name, commandHelp(name, command)])])
  return `// Written by npm run generate; do not edit.\n\nconst texts: Readonly<Record<string, string>> = ${JSON.stringify(texts, undefined, 2)}\n\n/** The help of a command, or of the whole; kept as text, so that asking for help loads nothing. */\nexport function helpFor(command: string | undefined): string {\n  return texts[command?.split(' ')[0] ?? ''] ?? (texts[''] as string)\n}\n`
}

function mainHelp(): string {
  const width = Math.max(...named.map(([name]) => name.length))
  return [
    'shiplock: safe PostgreSQL releases',
    '',
    'Usage: shiplock <command> [--input value …]',
    '       shiplock backup,migrate --phase pre   several commands; the first that does not pass stops the rest',
    '',
    ...named.map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    '  --json        the result as JSON on standard output, everything else on standard error',
    '  --config F    configuration file (shiplock.yml)',
    '  --help        help, also for one command: shiplock migrate --help',
    '  --version',
    '',
    'Exit status: 0 pass, 1 evidence of a fault, 2 wrong usage or configuration, 3 not enough evidence, 130/143 stopped.',
    '',
  ].join('\n')
}

function commandHelp(name: string, command: Command): string {
  const optional = command.positional !== undefined && !factsOf(command.positional).required
  const position = command.positional === undefined ? '' : optional ? ` [${command.positional}]` : ` <${command.positional}>`
  const names = allInputsOf(command).filter((one) => one !== command.positional)
  const width = Math.max(...names.map((one) => one.length))
  const lines = names.map((one) => {
    const { description, choices } = factsOf(one)
    const values = choices === undefined ? '' : ` One of ${choices.join(', ')}.`
    const fallback = traitsOf(one).switch && factsOf(one).fallback === 'false' ? '' : ` [${defaultText(one)}]`
    return `  --${one.padEnd(width)}  ${description}${values}${fallback}`
  })
  return [`shiplock ${name}${position}`, '', command.summary, '', ...lines, '', '  --json, --config F, --help', ''].join('\n')
}

function allInputsOf(command: Command): InputName[] {
  return inputNames.filter((name) => command.inputs.includes(name) || ['project', 'environment', 'release'].includes(name))
}

function reference(): string {
  const cell = (text: string) => text.replaceAll('|', '\\|')
  const rows = inputNames.map((name) => {
    const { description, choices } = factsOf(name)
    const values = choices === undefined ? '' : ` One of ${choices.map((one) => `\`${one}\``).join(', ')}.`
    const key = configPathOf(name)
    return `| \`${name}\` | ${cell(description)}${values} | ${cell(defaultText(name))} | ${key === undefined ? '–' : `\`${key}\``} | ${usersOf(name).join(', ') || 'all'} |`
  })
  const commandRows = named.map(
    ([name, { summary, terminalOnly }]) => `| \`${name}\` | ${cell(summary)} | ${terminalOnly ? 'terminal' : 'action and terminal'} |`,
  )
  const outputRows = named.flatMap(([name, command]) =>
    Object.entries(command.outputs).map(([key, text]) => `| \`${name}-${key}\` | ${cell(text)} |`),
  )
  return `<!-- Written by npm run generate; do not edit. -->

# Reference

## Commands

| Command | Does | Where |
| --- | --- | --- |
${commandRows.join('\n')}

Several commands may be named in one start, one a line in the action's input \`command\`, with commas in the terminal. They
run in that order and stop at the first that does not pass.

## Inputs

An input has one name everywhere: in \`with:\` of the action, as flag of the terminal (\`--phase pre\`), and, where the fourth
column says so, as key of \`shiplock.yml\`. A flag or input goes before the file, the file before the default. Relative paths
start in the folder of \`shiplock.yml\`.

| Input | Meaning | Default | Key in shiplock.yml | Used by |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

Durations carry units: \`500ms\`, \`5s\`, \`20m\`, \`30h\`, \`14d\`.

## Outputs

| Output | Meaning |
| --- | --- |
| \`verdict\` | \`pass\`, \`fail\` or \`inconclusive\`, of all commands together. |
| \`result\` | Path of the JSON result, also when the step failed. |
| \`<command>-verdict\` | Verdict of one command. |
${outputRows.join('\n')}

## Exit status

| Status | Meaning |
| --- | --- |
| 0 | pass |
| 1 | evidence of a fault |
| 2 | wrong usage or configuration |
| 3 | not enough evidence (inconclusive) |
| 130, 143 | stopped by SIGINT or SIGTERM; the result was written first |

[Error codes](errors.md)

## Help in the terminal

\`\`\`text
${mainHelp()}\`\`\`
`
}

function errorPage(): string {
  const titles = {
    usage: 'Wrong usage or configuration (exit 2)',
    fault: 'Evidence of a fault (exit 1)',
    inconclusive: 'Not enough evidence (exit 3)',
  }
  const sections = Object.entries(titles).map(([exit, title]) => {
    const rows = Object.entries(errorCodes)
      .filter(([, code]) => code.exit === exit)
      .map(([code, { meaning }]) => `### ${code}\n\n${meaning}`)
    return `## ${title}\n\n${rows.join('\n\n')}`
  })
  return `<!-- Written by npm run generate; do not edit. -->\n\n# Error codes\n\nA code never changes its meaning. Each error prints what happened and the next step.\n\n${sections.join('\n\n')}\n`
}

function configSchema(): object {
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'shiplock.yml', ...section(configKeys()) }
}

function section(keys: ConfigKeys): object {
  const properties = Object.fromEntries(
    [...keys].map(([key, value]) => [key, typeof value === 'string' ? property(value) : section(value)]),
  )
  return { type: 'object', additionalProperties: false, properties }
}

function property(name: InputName): object {
  const { description, choices, fallback } = factsOf(name)
  const toggle = traitsOf(name).switch === true
  const single = { type: ['string', 'number'] }
  if (name === 'canary-checks')
    return { description, type: 'array', items: z.toJSONSchema(checkForms(), { io: 'input', unrepresentable: 'any' }) }
  if (traitsOf(name).map) return { description, type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } }
  const other = traitsOf(name).list ? { type: ['array', 'string'], items: single, minItems: 1 } : single
  const type = choices !== undefined ? { enum: choices } : toggle ? { type: 'boolean' } : other
  return { description, ...type, ...(fallback === undefined ? {} : { default: toggle ? fallback === 'true' : fallback }) }
}
