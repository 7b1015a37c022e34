// src/release-name.ts
/** What a release is called where there is neither a tag nor a commit. Two of that name need not be the same. */
const unversioned = "unversioned";
function isSameRelease(one, other) {
	if (one.commit !== void 0 && one.commit === other.commit) return true;
	return one.release === other.release && one.release !== "unversioned";
}
export { unversioned as n, isSameRelease as t };
