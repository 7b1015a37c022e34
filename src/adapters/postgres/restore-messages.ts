const keptLines = 6

/** What `pg_restore` said, without the statements and rows that it quotes. */
export function restoreMessages(stderr: string): string {
  const lines: string[] = []
  let quoting = false
  for (const line of stderr.split('\n')) {
    const own = /^pg_restore: /.test(line)
    if (own) quoting = false
    if (/^(?:DETAIL|CONTEXT|HINT|LINE \d+|QUERY|Command was):/.test(line)) quoting = true
    if (own && !quoting && !/^pg_restore: (?:warning: errors ignored|while |error: a worker process died)/.test(line))
      lines.push(withoutValue(line))
  }
  return lines.slice(0, keptLines).join('\n')
}

/** Errors about a value quote it last; names stay. */
export function withoutValue(line: string): string {
  return /invalid|out of range|malformed|cannot cast|syntax/.test(line) ? line.replace(/: "[^"]*"?$/, ': (value not shown)') : line
}
