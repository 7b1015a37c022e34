import { formatDuration, plural } from '../units.ts'

interface PlannedMigration {
  readonly id: string
  readonly phase: 'pre' | 'post'
  readonly long: boolean
  readonly expected: { readonly durationMs: number; readonly environment: string } | undefined
  /** What may lose or overwrite data, in words. */
  readonly destructive: string | undefined
}

interface NotesCase {
  readonly release: string
  readonly longMs: number
  readonly migrations: readonly PlannedMigration[]
}

/** What the people who run a release have to know of its migrations, in plain words: Markdown, a paragraph a matter. */
export function releaseNotes({ release, longMs, migrations }: NotesCase): string {
  if (migrations.length === 0) return `${release} changes nothing in the database.`
  const of = (phase: 'pre' | 'post') => migrations.filter((one) => one.phase === phase).length
  const parts = [
    of('pre') > 0 && `${of('pre')} before the deploy`,
    of('post') > 0 && `${of('post')} after ${of('pre') > 0 ? 'it' : 'the deploy'}, when no old code is left`,
  ]
  const [long, destructive] = [migrations.filter((one) => one.long), migrations.filter((one) => one.destructive !== undefined)]
  const unknown = migrations.filter((one) => one.expected === undefined)
  return [
    `**Database:** ${release} runs ${plural(migrations.length, 'migration')}: ${parts.filter(Boolean).join(', ')}.`,
    ...(long.length === 0
      ? []
      : [
          `**Long migrations** (over ${formatDuration(longMs)}): ${long.map(longText).join('; ')}. Deploy off-peak, and expect a service that migrates when it starts to be away for as long.`,
        ]),
    ...(destructive.length === 0
      ? []
      : [
          `**Destructive migrations:** ${destructive.map(destructiveText).join('; ')}. Whatever they remove or overwrite comes back only from a backup.`,
        ]),
    ...(unknown.length === 0 ? [] : [`How long ${named(unknown)} ${unknown.length === 1 ? 'takes' : 'take'} has not been measured.`]),
    ...(long.length + destructive.length + unknown.length === 0 ? ['None of them is long or destructive.'] : []),
  ].join('\n\n')
}

/** Where only the team's own program knows its migrations. */
export function notesOfCommand(release: string): string {
  return `**Database:** ${release} runs the team's own migration command; which migrations it applies, and how long they take, is not known to Shiplock.`
}

function longText({ id, phase, expected }: PlannedMigration): string {
  const took = expected === undefined ? '' : ` took ${formatDuration(expected.durationMs)} in ${expected.environment}`
  return `\`${id}\`${took} (${when(phase)})`
}

function destructiveText({ id, phase, destructive }: PlannedMigration): string {
  return `\`${id}\` (${when(phase)}): ${destructive}`
}

function named(migrations: readonly PlannedMigration[]): string {
  return migrations.map(({ id }) => `\`${id}\``).join(', ')
}

function when(phase: 'pre' | 'post'): string {
  return phase === 'pre' ? 'before the deploy' : 'after the deploy'
}
