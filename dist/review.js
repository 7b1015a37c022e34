import { t as ReleaseError } from "./errors.js";
import { i as git } from "./git.js";
// src/adapters/review.ts
/** Compares the working tree with the commit from which its branch went off. */
async function openReview(options, folder, variables) {
	const wanted = options.base ?? "origin/HEAD";
	const base = await git([
		"merge-base",
		"--end-of-options",
		wanted,
		"HEAD"
	], folder, variables);
	if (!base) {
		if (options.base === void 0) return {
			base: void 0,
			head: void 0,
			changes: [],
			pullRequest: void 0,
			note: void 0,
			textAtBase: async () => void 0
		};
		throw new ReleaseError("unknown-base", `git does not know ${options.base}, or it shares no commit with this branch.`, { hint: "Fetch it first (actions/checkout with fetch-depth: 0), or name another with base." });
	}
	const listed = await git([
		"diff",
		"--name-status",
		"-z",
		"--find-renames",
		"--relative",
		base,
		"--",
		"."
	], folder, variables) ?? "";
	const added = (await git([
		"ls-files",
		"--others",
		"--exclude-standard",
		"-z",
		"--",
		"."
	], folder, variables) ?? "").split("\0").filter(Boolean).map((path) => ({
		kind: "added",
		path
	}));
	return {
		base,
		head: await git(["rev-parse", "HEAD"], folder, variables),
		changes: [...readChanges(listed), ...added],
		pullRequest: void 0,
		note: void 0,
		textAtBase: (path) => git(["show", `${base}:./${path}`], folder, variables)
	};
}
/** What `git diff --name-status -z` prints: a letter, and one path or two. */
function readChanges(listed) {
	const words = listed.split("\0").filter(Boolean);
	const changes = [];
	for (let at = 0; at < words.length;) {
		const letter = words[at++][0];
		const path = words[at++];
		if (letter === "R") changes.push({
			kind: "renamed",
			from: path,
			path: words[at++]
		});
		else if (letter === "C") changes.push({
			kind: "added",
			path: words[at++]
		});
		else changes.push({
			kind: letter === "A" ? "added" : letter === "D" ? "removed" : "modified",
			path
		});
	}
	return changes;
}
export { openReview };
