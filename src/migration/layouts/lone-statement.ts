import { leadingBlank } from '../../sql/parse.ts'

/**
 * Whether a file is one statement that cannot stand in a transaction. A tool that sends a file as one message runs it: a
 * lone statement has no transaction around it there; with a second one the server opens one.
 */
export function isLoneStatement(text: string): boolean {
  const statement = text.slice(leadingBlank(text))
  const words =
    /^(?:create\s+(?:unique\s+)?index\s+concurrently|drop\s+index\s+concurrently|reindex\b[^;]*\bconcurrently|reindex\s+(?:\([^)]*\)\s*)?(?:schema|database|system)|alter\s+table\b[^;]*\bdetach\s+partition\b[^;]*\bconcurrently|vacuum|alter\s+system|(?:create|drop)\s+(?:database|tablespace))\b/i
  if (!words.test(statement)) return false
  for (const { 0: piece, index } of statement.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$\w*\$)[\s\S]*?\1|--[^\n]*|\/\*[\s\S]*?\*\/|;/g))
    if (piece === ';') return statement.slice(index + 1).length === leadingBlank(statement.slice(index + 1))
  return true
}
