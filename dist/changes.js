import { n as GitHubError } from "./client2.js";
import { Et as boolean, Ft as string, Nt as object, Tt as array, kt as int, un as ReleaseError } from "./start.js";
// src/adapters/github/explain.ts
/** What a failed question means for whoever started this. `right` is what the token needs, such as `contents: read`. */
function explained(error, question, right) {
	if (!(error instanceof GitHubError)) return error;
	const { status, message } = error;
	if (status === void 0 || status >= 500 || status === 429) return new ReleaseError("github-unreachable", `GitHub did not tell ${question}: ${message}.`, {
		hint: "Run it again later, or check out with fetch-depth: 0: then git answers, and GitHub is not asked.",
		cause: error
	});
	return new ReleaseError("github-refused", `GitHub did not tell ${question}: ${message}.`, {
		hint: `Give the job "permissions: { ${right} }" and the input github-token, or check out with fetch-depth: 0.`,
		cause: error
	});
}
// src/adapters/github/changes.ts
const file = object({
	filename: string(),
	status: string(),
	changes: int(),
	previous_filename: string().optional()
});
const comparison = object({
	merge_base_commit: object({ sha: string() }),
	files: array(file).default([])
});
/** A comparison names no more, and does not say whether there are. */
const mostFilesCompared = 300;
/** GitHub lists no more of a pull request. */
const mostFilesListed = 3e3;
/** Asks GitHub, for a checkout that does not hold both commits. */
async function compareOnGitHub(client, repository, ends) {
	const { base, head, pullRequest } = ends;
	const question = `what changed between ${short(base)} and ${short(head)}`;
	try {
		return await compared(client, repository, base, head);
	} catch (error) {
		if (!(error instanceof GitHubError) || error.status !== 404 || pullRequest === void 0) throw explained(error, question, "contents: read");
	}
	try {
		return {
			base,
			changes: await listed(client, repository, pullRequest)
		};
	} catch (error) {
		throw explained(error, question, "pull-requests: read");
	}
}
async function compared(client, repository, base, head) {
	const path = `/repos/${repository}/compare/${encodeURIComponent(base)}...${encodeURIComponent(head)}?per_page=100`;
	const { merge_base_commit: mergeBase, files } = comparison.parse(await client.json(path));
	if (files.length < mostFilesCompared) return {
		base: mergeBase.sha,
		changes: files.flatMap(changesOf)
	};
	const [before, after] = [await treeOf(client, repository, mergeBase.sha), await treeOf(client, repository, head)];
	return {
		base: mergeBase.sha,
		changes: treeChanges(before, after)
	};
}
async function listed(client, repository, pullRequest) {
	const files = [];
	for await (const page of client.pages(`/repos/${repository}/pulls/${pullRequest}/files?per_page=100`)) files.push(...array(file).parse(page));
	if (files.length >= mostFilesListed) throw new GitHubError(`it lists only ${mostFilesListed} files`, 422);
	return files.flatMap(changesOf);
}
/** A file that was renamed and edited is another file, which takes the place of one that is gone. */
function changesOf({ filename: path, status, changes, previous_filename: from }) {
	if (status === "renamed" && from !== void 0) return changes === 0 ? [{
		kind: "renamed",
		path,
		from
	}] : [{
		kind: "added",
		path
	}, {
		kind: "removed",
		path: from
	}];
	if (status === "unchanged") return [];
	return [{
		kind: status === "added" || status === "copied" ? "added" : status === "removed" ? "removed" : "modified",
		path
	}];
}
const tree = object({
	truncated: boolean(),
	tree: array(object({
		path: string(),
		type: string(),
		sha: string()
	}))
});
/** Content by path. */
async function treeOf(client, repository, commit) {
	const found = tree.parse(await client.json(`/repos/${repository}/git/trees/${encodeURIComponent(commit)}?recursive=1`));
	if (found.truncated) throw new GitHubError("the repository has too many files for one answer", 422);
	return new Map(found.tree.filter(({ type }) => type === "blob").map(({ path, sha }) => [path, sha]));
}
function treeChanges(before, after) {
	const removed = new Map([...before].filter(([path]) => !after.has(path)).map(([path, sha]) => [sha, path]));
	const changes = [];
	for (const [path, sha] of after) {
		const old = before.get(path);
		const from = removed.get(sha);
		if (old === void 0 && from !== void 0) {
			removed.delete(sha);
			changes.push({
				kind: "renamed",
				path,
				from
			});
		} else if (old !== sha) changes.push({
			kind: old === void 0 ? "added" : "modified",
			path
		});
	}
	const renamed = new Set(changes.map(({ from }) => from));
	for (const path of before.keys()) if (!after.has(path) && !renamed.has(path)) changes.push({
		kind: "removed",
		path
	});
	return changes;
}
/** A file as a commit has it. */
async function textOnGitHub(client, repository, commit, path) {
	const encoded = path.split("/").map(encodeURIComponent).join("/");
	try {
		return await client.text(`/repos/${repository}/contents/${encoded}?ref=${encodeURIComponent(commit)}`);
	} catch (error) {
		if (error instanceof GitHubError && error.status === 404) return void 0;
		throw explained(error, `what ${path} was in ${short(commit)}`, "contents: read");
	}
}
function short(commit) {
	return /^[0-9a-f]{40,}$/.test(commit) ? commit.slice(0, 12) : commit;
}
export { compareOnGitHub, textOnGitHub };
