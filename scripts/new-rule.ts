import { existsSync, readFileSync, writeFileSync } from 'node:fs'

// Writes the file of a new rule and its line in the registry: npm run new-rule require-something IndexStmt

const [name = '', kind = 'AlterTableStmt'] = process.argv.slice(2)
const path = `src/lint/rules/${name}.ts`
const registry = 'src/lint/rules/index.ts'

if (!/^(?:require|ban|prefer)(?:-[a-z0-9]+)+$/.test(name) || !/^[A-Z]\w+$/.test(kind)) {
  fail('Usage: npm run new-rule <require-…|ban-…|prefer-…> [kind of statement, such as IndexStmt]')
} else if (existsSync(path)) {
  fail(`${path} is there already.`)
} else {
  writeFileSync(path, ruleFile())
  writeFileSync(registry, withRule(readFileSync(registry, 'utf8')))
  process.stdout.write(
    `${path} is there: fill in its facts and its examples, which are its test, and run npx vitest run test/lint/rules.test.ts\n`,
  )
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`)
  process.exitCode = 2
}

function ruleFile(): string {
  return `import { defineRule } from '../rule.ts'

export default defineRule({
  name: '${name}',
  group: 'locks',
  severity: 'warning',
  problem: '',
  remedy: '',
  because: '',
  examples: {
    bad: [],
    good: [],
  },
  on: '${kind}',
  check(statement, scope) {
    return undefined
  },
})
`
}

function withRule(text: string): string {
  const variable = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  const imported = [...text.matchAll(/^import (\w+) from '\.\/(.+)\.ts'$/gm)].map(([, one = '', file = '']) => ({ one, file }))
  const all = [...imported, { one: variable, file: name }].sort((a, b) => (a.file < b.file ? -1 : 1))
  const imports = all.map(({ one, file }) => `import ${one} from './${file}.ts'`).join('\n')
  const list = all.map(({ one }) => `  ${one},`).join('\n')
  return `import type { Rule } from '../rule.ts'\n${imports}\n\n/** Every rule, by name. */\nexport const rules: readonly Rule[] = [\n${list}\n]\n`
}
