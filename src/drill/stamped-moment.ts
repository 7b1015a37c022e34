/** Clocks on earth show no two times that are further apart, with some hours for a dump that takes long. */
const furthestMs = 20 * 3_600_000

/**
 * When a foreign dump was made. An archive holds the time of its machine's clock without the time zone, so a stamp in its
 * name (`…20261120T020000Z…`) counts, unless it cannot be that of this archive. Without a stamp the clock is read as UTC.
 */
export function stampedMoment(name: string, writtenAt: Date): { readonly snapshotAt: Date; readonly zoneUnknown: boolean } {
  const [, year, month, day, hour, minute, second] =
    /(?<!\d)(\d{4})-?(\d\d)-?(\d\d)T(\d\d)[:-]?(\d\d)[:-]?(\d\d)(?:\.\d+)?Z/.exec(basename(name)) ?? []
  const byItsClock = { snapshotAt: writtenAt, zoneUnknown: true }
  if (second === undefined) return byItsClock
  const stamped = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  const isOfThis = Math.abs(stamped.getTime() - writtenAt.getTime()) <= furthestMs
  return isOfThis ? { snapshotAt: stamped, zoneUnknown: false } : byItsClock
}

function basename(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}
