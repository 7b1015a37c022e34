import { Ft as string, Mt as number, Nt as object, Rt as unknown, at as commonCommit, ct as parentsOf, fn as messageOf, it as changesInGit, kt as int, lt as git, ot as defaultBranchOf, st as firstKnown, un as ReleaseError, ut as gitText } from "./start.js";
import { n as refuseUnsafeEvent } from "./event.js";
import { readFile } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";
// src/adapters/github/event.ts
const commit = string().regex(/^[0-9a-f]{40,64}$/);
const repository = object({ id: number() });
const end = object({
	sha: commit,
	repo: repository.nullish()
});
const payload = object({
	repository: object({
		full_name: string(),
		default_branch: string().optional()
	}).optional(),
	pull_request: object({
		number: int(),
		base: end,
		head: end
	}).optional().catch(void 0),
	merge_group: object({
		base_sha: commit,
		head_sha: commit
	}).optional(),
	before: commit.optional().catch(void 0),
	after: commit.optional().catch(void 0),
	workflow_run: object({ event: string() }).optional(),
	issue: object({ pull_request: unknown().optional() }).optional()
});
/** The event that started the workflow; `undefined` outside of GitHub Actions. */
async function readEvent(variables) {
	const { GITHUB_ACTIONS: onGitHub, GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path } = variables;
	if (onGitHub !== "true" || !name || !path) return void 0;
	const given = await readPayload(path);
	const pull = given.pull_request;
	const own = given.repository?.full_name ?? variables.GITHUB_REPOSITORY ?? "";
	const pullRequest = pull === void 0 ? void 0 : {
		repository: own,
		number: pull.number,
		fork: pull.head.repo == null || pull.head.repo.id !== pull.base.repo?.id
	};
	return {
		name,
		repository: own,
		defaultBranch: given.repository?.default_branch,
		pullRequest,
		...endsOf(given),
		ofPullRequest: pull !== void 0 || given.workflow_run?.event.startsWith("pull_request") === true || given.issue?.pull_request !== void 0 && given.issue.pull_request !== null
	};
}
async function readPayload(path) {
	try {
		return payload.parse(JSON.parse(await readFile(path, "utf8")));
	} catch (cause) {
		throw new ReleaseError("unreadable-file", `The event of GitHub cannot be read: ${messageOf(cause).split("\n")[0]}`, {
			hint: "GITHUB_EVENT_PATH names the file; it is written by the runner.",
			cause
		});
	}
}
function endsOf({ pull_request: pull, merge_group: group, before, after }) {
	if (pull !== void 0) return {
		base: pull.base.sha,
		head: pull.head.sha
	};
	if (group !== void 0) return {
		base: group.base_sha,
		head: group.head_sha
	};
	return {
		base: unlessZeros(before),
		head: unlessZeros(after)
	};
}
/** What a push says of a branch that was not there before. */
function unlessZeros(sha) {
	return sha === void 0 || /^0+$/.test(sha) ? void 0 : sha;
}
// src/adapters/review.ts
/** Finds what is new: between the commits of the event, or in the working tree beside the branch that it goes to. */
async function openReview(options, surroundings) {
	const { folder, variables } = surroundings;
	const event = await readEvent(variables);
	if (event !== void 0) refuseUnsafeEvent(event);
	const [prefix, ends] = await Promise.all([git(["rev-parse", "--show-prefix"], folder, variables), findEnds(options.base, event, folder, variables)]);
	const common = {
		folder: prefix ?? folderBelow(variables.GITHUB_WORKSPACE, folder),
		pullRequest: event?.pullRequest,
		proposed: event !== void 0 && (event.pullRequest !== void 0 || event.name === "merge_group")
	};
	const base = ends.base === void 0 ? void 0 : await commonCommit(ends.base, ends.head ?? "HEAD", folder, variables);
	if (base !== void 0) {
		const tip = ends.base;
		const [head, changes] = await Promise.all([ends.reviewed ?? git(["rev-parse", "HEAD"], folder, variables), changesInGit(base, ends.head, folder, variables)]);
		return {
			...common,
			base,
			head,
			changes,
			note: void 0,
			textAtBase: (path) => gitText(["show", `${tip}:./${path}`], folder, variables)
		};
	}
	if (ends.wanted === void 0) {
		const note = `There is no commit to compare with (${ends.missing}), so every migration counts as new.`;
		return {
			...common,
			base: void 0,
			head: void 0,
			changes: [],
			note,
			textAtBase: async () => void 0
		};
	}
	const head = ends.reviewed ?? event?.head ?? variables.GITHUB_SHA;
	if (event === void 0 || head === void 0 || surroundings.github === void 0) throw unknownBase(ends.wanted, event);
	const { compareOnGitHub, textOnGitHub } = await import("./changes.js");
	const client = await surroundings.github();
	const pullRequest = event.pullRequest?.number;
	const compared = await compareOnGitHub(client, event.repository, {
		base: ends.wanted,
		head,
		pullRequest
	});
	return {
		...common,
		base: compared.base,
		head,
		changes: compared.changes.flatMap((change) => below(common.folder, change)),
		note: "The checkout does not hold both commits; GitHub was asked what changed.",
		textAtBase: (path) => textOnGitHub(client, event.repository, ends.wanted, common.folder + path)
	};
}
async function findEnds(given, event, folder, variables) {
	const none = {
		base: void 0,
		head: event !== void 0 ? "HEAD" : void 0,
		reviewed: event?.pullRequest && event.head,
		wanted: void 0,
		missing: ""
	};
	if (given !== void 0) return {
		...none,
		base: await firstKnown([given, `origin/${given}`], folder, variables),
		wanted: given
	};
	if (event?.pullRequest !== void 0 && event.head !== void 0) {
		const merge = await parentsOf("HEAD", folder, variables);
		const isMerge = merge?.parents[1] === event.head;
		if (merge !== void 0 && !isMerge) await refuseOtherCheckout(merge.commit, event.head, folder, variables);
		const [base, head] = isMerge ? [merge.parents[0], "HEAD"] : [event.base, event.head];
		return {
			...none,
			base: await firstKnown([base], folder, variables),
			head,
			wanted: base
		};
	}
	if (event?.base !== void 0 && event.head !== void 0) return {
		...none,
		base: await firstKnown([event.base], folder, variables),
		head: event.head,
		reviewed: event.head,
		wanted: event.base
	};
	const branch = await defaultBranchOf(event?.defaultBranch, folder, variables);
	return {
		...none,
		base: branch,
		wanted: event?.defaultBranch,
		missing: "no remote has a default branch"
	};
}
/** Another branch's files would be searched for the pull request's, and none would be found. */
async function refuseOtherCheckout(current, head, folder, variables) {
	if (current === head) return;
	if (await git([
		"merge-base",
		"--is-ancestor",
		head,
		current
	], folder, variables) !== void 0) return;
	throw new ReleaseError("wrong-checkout", `The checkout is ${current.slice(0, 12)}, which does not hold the pull request's commit ${head.slice(0, 12)}.`, { hint: "Leave ref out of actions/checkout: it checks out the pull request." });
}
function unknownBase(wanted, event) {
	return new ReleaseError("unknown-base", `git does not know ${short(wanted)}, or it shares no commit with this branch.`, { hint: event === void 0 ? "Fetch it first, or name another with base." : "Check out with fetch-depth: 0, or hand over github-token, so that GitHub can be asked." });
}
/** Paths of GitHub start at the root of the repository. */
function below(prefix, { kind, path, from }) {
	const inside = path.startsWith(prefix);
	const wasInside = from?.startsWith(prefix) === true;
	const [here, before] = [path.slice(prefix.length), from?.slice(prefix.length)];
	if (kind !== "renamed") return inside ? [{
		kind,
		path: here
	}] : [];
	if (inside && wasInside) return [{
		kind,
		path: here,
		from: before
	}];
	if (inside) return [{
		kind: "added",
		path: here
	}];
	return wasInside ? [{
		kind: "removed",
		path: before
	}] : [];
}
function folderBelow(workspace, folder) {
	const path = workspace ? relative(workspace, folder) : "";
	return path === "" || path.startsWith("..") || isAbsolute(path) ? "" : `${path.split(sep).join("/")}/`;
}
function short(commit) {
	return /^[0-9a-f]{40,}$/.test(commit) ? commit.slice(0, 12) : commit;
}
export { openReview };
