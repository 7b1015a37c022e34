import { plural } from '../../units.ts'
import type { FindingDetail, SettingChange } from './details.ts'

/** A mark that GitHub shows beside a line of a file. */
export interface Annotation {
  readonly severity: 'error' | 'warning' | 'notice'
  /** From the root of the repository; absent for what is about no file. */
  readonly path?: string
  readonly startLine?: number
  readonly endLine?: number
  /** Characters from 1; only for a place on one line, since GitHub takes no others. */
  readonly startColumn?: number
  readonly endColumn?: number
  readonly title: string
  readonly message: string
}

/** GitHub shows ten of each kind for a step and drops the rest; the verdict is one of the errors. */
const mostShown = { error: 9, warning: 10, notice: 10 } as const
const longestMessage = 1000

/** What `lint` shows beside the lines of its findings, and beside settings that would change. */
export function annotationsOf(
  findings: readonly FindingDetail[],
  settings: readonly SettingChange[],
  place: { readonly folder: string; readonly configFile: string | undefined },
): Annotation[] {
  return asManyAsShown([...settingAnnotations(settings, place), ...findings.map((finding) => annotationOf(finding, place.folder))])
}

/** The gravest first; what does not fit is counted in the last of its kind. */
export function asManyAsShown(all: readonly Annotation[]): Annotation[] {
  return (['error', 'warning', 'notice'] as const).flatMap((severity) => {
    const these = all.filter((one) => one.severity === severity)
    if (these.length <= mostShown[severity]) return these
    const shown = these.slice(0, mostShown[severity] - 1)
    const rest = plural(these.length - shown.length, `more ${severity}`)
    return [...shown, { severity, title: rest, message: `${rest}: the job summary and the JSON result hold all of them.` }]
  })
}

function annotationOf({ rule, severity, path, start, end, message, remedy }: FindingDetail, folder: string): Annotation {
  const oneLine = end.line === start.line && end.column > start.column
  return {
    severity: severity === 'advice' ? 'notice' : severity,
    path: folder + path,
    startLine: start.line,
    endLine: end.line,
    ...(oneLine ? { startColumn: start.column, endColumn: end.column } : {}),
    title: rule,
    message: clip(`${message}\n${remedy}`),
  }
}

function settingAnnotations(
  settings: readonly SettingChange[],
  { folder, configFile }: { folder: string; configFile: string | undefined },
): Annotation[] {
  if (settings.length === 0) return []
  const names = settings.map(({ name }) => name).join(', ')
  const message = clip(`This changes ${names}. Until it is merged the settings of the base count.`)
  return [{ severity: 'notice', ...(configFile === undefined ? {} : { path: folder + configFile }), title: 'config-changed', message }]
}

function clip(text: string): string {
  return text.length <= longestMessage ? text : `${text.slice(0, longestMessage - 2)} …`
}
