import { ReleaseError } from '../errors.ts'

/** What tells one server from another; what its role may not read is missing. */
export interface ServerFacts {
  readonly systemIdentifier: string | undefined
  /** By its own clock, to the microsecond. */
  readonly startedAt: string | undefined
}

/** A database that somebody named to restore into. */
export interface TargetFacts extends ServerFacts {
  /** Host, port and name, for people. */
  readonly described: string
  readonly database: string
  /** Or may become one, or may start programs and open files of the server. */
  readonly isSuperuser: boolean
  readonly isOwner: boolean
  /** Some of what lies there. */
  readonly objects: readonly string[]
}

/** Throws `unsafe-target`, with one sentence for each reason, unless a drill can do no harm there. */
export function refuseTarget(target: TargetFacts, sources: readonly ServerFacts[]): void {
  const { described, database, objects } = target
  if (!database.startsWith('drill_')) {
    throw refused(
      `${described} is not a database for drills: its name does not begin with drill_.`,
      'Make one: create database drill_restore.',
    )
  }
  if (target.isSuperuser) {
    throw refused(
      `${described} would be restored by a superuser, or a role as mighty, and a dump can hold code that then runs as the server.`,
      'Name a plain role in target-url, and make it the owner of the database.',
    )
  }
  if (!target.isOwner) {
    throw refused(
      `The role of target-url does not own ${described}.`,
      `Make it the owner: alter database ${database} owner to the role. Only an owner can empty the database again.`,
    )
  }
  const answers = sources.map((source) => isSameServer(target, source))
  if (answers.includes(true)) {
    throw refused(`${described} is on the server that the backup is from.`, 'Restore into a server of its own, or leave target-url out.')
  }
  if (!answers.includes(false)) {
    throw refused(
      `Nothing tells whether ${described} is on the server that the backup is from.`,
      'Give database-url too, so that both servers can be asked, or leave target-url out.',
    )
  }
  if (objects.length > 0) {
    throw refused(
      `${described} is not empty: it holds ${objects.slice(0, 3).join(', ')}${objects.length > 3 ? ' and more' : ''}.`,
      'Nothing was changed. Name an empty database; after a drill that was killed, drop this one and make it anew.',
    )
  }
}

/** `undefined` when nothing that both sides tell can answer it. */
function isSameServer(one: ServerFacts, other: ServerFacts): boolean | undefined {
  if (one.startedAt !== undefined && one.startedAt === other.startedAt) return true
  if (one.systemIdentifier !== undefined && other.systemIdentifier !== undefined) return one.systemIdentifier === other.systemIdentifier
  return one.startedAt === undefined || other.startedAt === undefined ? undefined : false
}

function refused(message: string, hint: string): ReleaseError {
  return new ReleaseError('unsafe-target', message, { hint })
}
