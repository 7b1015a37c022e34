/** A log query, taken apart where its stream selector ends. */
export interface LogQuery {
  /** With its braces. */
  readonly selector: string
  /** Filters and parsers behind it; may be empty. */
  readonly pipeline: string
}

/**
 * Reads the stream selector at the beginning of a log query: a brace within quotes or backticks does not end it.
 * `undefined` for a text that does not begin with one, as that of a metric query.
 */
export function readLogQuery(query: string): LogQuery | undefined {
  const matched = /^\s*(?:#[^\n]*\n\s*)*\{(?:"(?:\\.|[^"\\])*"|`[^`]*`|#[^\n]*|[^"`{}#])*\}/s.exec(query)
  if (matched === null) return undefined
  return { selector: matched[0].trim(), pipeline: query.slice(matched[0].length) }
}

/** A text as LogQL quotes it. */
function quote(text: string): string {
  // JSON's escapes are a part of Go's
  return text.includes('`') ? JSON.stringify(text) : `\`${text}\``
}

/** How many lines of a query each window has. The line break ends a comment of the user. */
export function countOf({ selector, pipeline }: LogQuery, exclude: string | undefined, seconds: number): string {
  return `sum(count_over_time(${selector}${pipeline}${exclusion(exclude)}\n[${seconds}s]))`
}

export function linesOf({ selector, pipeline }: LogQuery, exclude: string | undefined): string {
  return `${selector}${pipeline}${exclusion(exclude)}`
}

function exclusion(exclude: string | undefined): string {
  return exclude === undefined ? '' : `\n!~ ${quote(exclude)}`
}
