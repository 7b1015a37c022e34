import type { Rule } from '../rule.ts'
import type { FindingDetail, LintDetails } from './details.ts'
import { urlPath } from './url-path.ts'

/** GitHub keeps no more of one file. */
const mostResults = 5000

const levels = { error: 'error', warning: 'warning', advice: 'note' } as const

interface SarifInput {
  readonly version: string
  readonly project: string
  readonly rules: readonly Rule[]
  readonly findings: readonly FindingDetail[]
  /** Findings that a comment accepts, each with its reason. */
  readonly suppressed: readonly { readonly finding: FindingDetail; readonly reason: string }[]
  readonly settings: LintDetails['settings']
  /** The folder of `shiplock.yml` in its repository. */
  readonly folder: string
  readonly configFile: string | undefined
}

/** The findings as SARIF 2.1.0, the gravest first, for code scanning. Columns count characters. */
export function sarifOf(input: SarifInput): string {
  const { version, project, rules, findings, suppressed, settings, folder, configFile } = input
  const results = [
    ...findings.map((finding) => ({ finding, suppressions: [] as object[] })),
    ...suppressed.map(({ finding, reason }) => ({ finding, suppressions: [{ kind: 'inSource', justification: reason }] })),
  ].slice(0, mostResults)
  const used = new Set(results.map(({ finding }) => finding.rule))
  const described = rules.filter(({ name }) => used.has(name))
  const names = [...described.map(({ name }) => name), ...[...used].filter((name) => !described.some((rule) => rule.name === name))]
  const notices = settings.map(({ name, base, proposed }) => ({
    descriptor: { id: 'config-changed' },
    level: 'note',
    message: { text: `${name}: ${base ?? 'not set'} counts until ${proposed ?? 'not set'} is merged.` },
    ...(configFile === undefined ? {} : { locations: [{ physicalLocation: { artifactLocation: locationOf(folder + configFile) } }] }),
  }))
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Shiplock', semanticVersion: version, rules: names.map((name) => describe(name, rules)) } },
        automationDetails: { id: `shiplock-lint/${project}/` },
        columnKind: 'unicodeCodePoints',
        invocations: [{ executionSuccessful: true, toolConfigurationNotifications: notices }],
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
        results: results.map(({ finding, suppressions }) => resultOf(finding, suppressions, names, folder)),
      },
    ],
  }
  return `${JSON.stringify(log, undefined, 2)}\n`
}

function describe(name: string, rules: readonly Rule[]): object {
  const rule = rules.find((one) => one.name === name)
  if (rule === undefined) return { id: name }
  const text = `${rule.problem} ${rule.remedy}\n\n${rule.because}`
  return {
    id: name,
    shortDescription: { text: rule.problem },
    fullDescription: { text: rule.because },
    help: { text, markdown: text },
    defaultConfiguration: { level: levels[rule.severity] },
    properties: { tags: ['postgresql', rule.group] },
  }
}

function resultOf(finding: FindingDetail, suppressions: readonly object[], names: readonly string[], folder: string): object {
  const { rule, severity, path, start, end, message, harm, remedy, fingerprint } = finding
  return {
    ruleId: rule,
    ruleIndex: names.indexOf(rule),
    level: levels[severity],
    message: { text: `${message} ${harm === message ? '' : `${harm} `}${remedy}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: locationOf(folder + path),
          region: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
        },
      },
    ],
    partialFingerprints: { primaryLocationLineHash: `${fingerprint}:1`, 'shiplock/v1': fingerprint },
    ...(suppressions.length === 0 ? {} : { suppressions }),
  }
}

function locationOf(path: string): object {
  return { uri: urlPath(path), uriBaseId: '%SRCROOT%' }
}
