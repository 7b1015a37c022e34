/** What a release is called where there is neither a tag nor a commit. Two of that name need not be the same. */
export const unversioned = 'unversioned'

/** How two starts tell whether they are of the same release. */
export interface ReleaseName {
  readonly release: string
  readonly commit: string | undefined
}

export function isSameRelease(one: ReleaseName, other: ReleaseName): boolean {
  if (one.commit !== undefined && one.commit === other.commit) return true
  return one.release === other.release && one.release !== unversioned
}
