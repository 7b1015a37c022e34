import type { ReportBlocks } from '../command-report.ts'

/** The queries as they were sent, to be tried by hand. */
export function queryBlocks(checks: readonly { readonly id?: string | undefined; readonly query?: string | undefined }[]): ReportBlocks[] {
  const blocks = checks.flatMap(({ id, query }) => (query === undefined ? [] : [{ intro: id ?? '', text: query, language: 'text' }]))
  return blocks.length === 0 ? [] : [{ title: 'Queries as sent', blocks }]
}
