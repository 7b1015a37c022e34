const longestLine = 300

/** What logs hold and reports must not: who it was, and what opens doors. Known secrets are taken out later, everywhere. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1***@'],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '***@***'],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, '***'],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, '$1 ***'],
  [
    /(["']?\b[\w-]*(?:passw(?:or)?d|passwd|pwd|secret|token|api[_-]?key|authorization|cookie|session)[\w-]*["']?\s*[:=]\s*)(?:"[^"]*"|'[^']*'|[^\s,;&}]+)/gi,
    '$1***',
  ],
  [/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, '*.*.*.*'],
  [/\b(?:\d[ -]?){12,18}\d\b/g, '***'],
  [/\b[A-Za-z0-9+/_-]{32,}={0,2}/g, '***'],
]

/** A line of the team's log as it may stand in a report: shortened, without addresses, keys, cards and long numbers. */
export function redactLine(line: string): string {
  const clean = patterns.reduce((text, [pattern, by]) => text.replace(pattern, by), line.slice(0, 4 * longestLine))
  return clean.length > longestLine ? `${clean.slice(0, longestLine)} …` : clean
}
