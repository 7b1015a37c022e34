import { n as startChild } from "./process.js";
// src/adapters/git.ts
/** What a repository says, or nothing where there is none: git is a source of hints, never a requirement. */
async function git(args, cwd, variables) {
	return (await gitText(args, cwd, variables))?.trim();
}
/** What git prints, to the last line end. */
async function gitText(args, cwd, variables) {
	let stdout = "";
	return await streamGit(args, cwd, variables, (text) => {
		stdout += text;
	}) === 0 ? stdout : void 0;
}
/** Hands over what git prints as it comes: a list of paths may be long. */
async function streamGit(args, cwd, variables, read) {
	const env = environment(variables);
	try {
		const child = startChild("git", args, {
			env,
			cwd
		});
		child.stdout.setEncoding("utf8").on("data", read);
		return (await child.ended).exitCode;
	} catch {
		return;
	}
}
function environment(variables) {
	return Object.fromEntries([
		"PATH",
		"HOME",
		"LANG"
	].flatMap((name) => variables[name] === void 0 ? [] : [[name, variables[name]]]));
}
/** Regular files of a commit below a folder, at any depth or directly in it; `undefined` when git does not hold the commit. */
async function filesOfCommit(commit, folder, cwd, variables, depth) {
	return (await gitText([
		"ls-tree",
		"-z",
		...folder === void 0 ? ["-r", commit] : [
			...depth === "nested" ? ["-r"] : [],
			commit,
			"--",
			`${folder}/`
		]
	], cwd, variables))?.split("\0").flatMap((line) => {
		const [, mode, kind, object, path] = /^(\d+) (\w+) ([0-9a-f]+)\t([\s\S]+)$/.exec(line) ?? [];
		return kind !== "blob" || mode === "120000" || object === void 0 || path === void 0 ? [] : [{
			path,
			object
		}];
	});
}
/** What a file of a commit holds, byte by byte. */
async function bytesOfObject(object, cwd, variables) {
	const env = environment(variables);
	const chunks = [];
	try {
		const child = startChild("git", [
			"cat-file",
			"blob",
			object
		], {
			env,
			cwd
		});
		child.stdout.on("data", (chunk) => chunks.push(chunk));
		return (await child.ended).exitCode === 0 ? Buffer.concat(chunks) : void 0;
	} catch {
		return;
	}
}
/** Commits of any ref that added or changed a file, the newest first. */
async function commitsWith(path, cwd, variables) {
	const listed = await git([
		"log",
		"--all",
		"--full-history",
		"-m",
		"--pretty=format:%H",
		"--diff-filter=AMR",
		"--",
		path
	], cwd, variables);
	return [...new Set((listed ?? "").split("\n").filter(Boolean))];
}
async function currentCommit(cwd, variables) {
	return await git([
		"rev-parse",
		"--verify",
		"HEAD"
	], cwd, variables) || void 0;
}
async function currentTag(cwd, variables) {
	return await git([
		"describe",
		"--tags",
		"--exact-match"
	], cwd, variables) || void 0;
}
/** The last part of the name of the repository that this one was cloned from. */
async function repositoryName(cwd, variables) {
	const url = await git([
		"remote",
		"get-url",
		"origin"
	], cwd, variables);
	return url === void 0 ? void 0 : /([^/:\\]+?)(?:\.git)?\/?$/.exec(url)?.[1];
}
/** Owner and name, as the remote's address ends with them. */
async function originRepository(cwd, variables) {
	const url = await git([
		"remote",
		"get-url",
		"origin"
	], cwd, variables);
	return url === void 0 ? void 0 : /[/:]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(url)?.[1];
}
/** Every path below a folder that any ref has ever added, also one that only a merge added. */
async function pathsInHistory(folder, cwd, variables) {
	const format = [
		"-z",
		"--pretty=format:",
		"--name-only",
		"--no-renames",
		"--diff-filter=A"
	];
	const paths = /* @__PURE__ */ new Set();
	let rest = "";
	const read = (text) => {
		const parts = (rest + text).split("\0");
		rest = parts.pop();
		for (const part of parts) if (part.trim() !== "") paths.add(part.trim());
	};
	await streamGit([
		"log",
		"--all",
		"--full-history",
		"-m",
		...format,
		"--",
		folder
	], cwd, variables, read);
	read("\0");
	return [...paths];
}
/** Files below a folder that are in the index. */
async function trackedPaths(folder, variables) {
	return (await gitText(["ls-files", "-z"], folder, variables) ?? "").split("\0").filter(Boolean);
}
async function repositoryDepth(cwd, variables) {
	const shallow = await git(["rev-parse", "--is-shallow-repository"], cwd, variables);
	return shallow === void 0 ? "none" : shallow === "true" ? "shallow" : "whole";
}
/** A path between two commits that is found is there; one that is not found may have been cut off from a shallow clone. */
async function compareCommits(current, other, cwd, variables) {
	if (current === other) return "same";
	if (current === void 0 || !isCommit(current) || !isCommit(other)) return "unknown";
	const [older, newer] = [await isAncestor(current, other, cwd, variables), await isAncestor(other, current, cwd, variables)];
	if (older) return "older";
	if (newer) return "newer";
	if (older === void 0 || newer === void 0) return "unknown";
	return await repositoryDepth(cwd, variables) === "whole" ? "diverged" : "unknown";
}
/** `undefined` when git does not know one of them. */
async function isAncestor(one, other, cwd, variables) {
	const exitCode = await streamGit([
		"merge-base",
		"--is-ancestor",
		one,
		other
	], cwd, variables, () => {});
	return exitCode === 0 ? true : exitCode === 1 ? false : void 0;
}
/** A name from a history row must not be read as an option, nor as a branch that moves. */
function isCommit(text) {
	return /^[0-9a-f]{40,64}$/.test(text);
}
// src/adapters/git-changes.ts
/** The commit of the first name that git knows. A name is never read as an option. */
async function firstKnown(names, folder, variables) {
	const known = names.filter((name) => name !== void 0);
	return (await Promise.all(known.map((name) => git([
		"rev-parse",
		"--verify",
		"--quiet",
		"--end-of-options",
		`${name}^{commit}`
	], folder, variables)))).find((commit) => Boolean(commit));
}
/** Where the one went off from the other; `undefined` when git does not hold as much. */
async function commonCommit(one, other, folder, variables) {
	return await git([
		"merge-base",
		"--end-of-options",
		one,
		other
	], folder, variables) || void 0;
}
/** Parents as the commit names them; a clone that was cut off does not hold them, and names them all the same. */
async function parentsOf(name, folder, variables) {
	const commit = await firstKnown([name], folder, variables);
	const text = commit === void 0 ? void 0 : await git([
		"cat-file",
		"commit",
		commit
	], folder, variables);
	if (commit === void 0 || text === void 0) return void 0;
	return {
		commit,
		parents: [...text.split("\n\n")[0].matchAll(/^parent ([0-9a-f]+)$/gm)].map((match) => match[1])
	};
}
/** The newest commit of the branch that changes go to, as far as the remote is known. */
async function defaultBranchOf(named, folder, variables) {
	return firstKnown(named === void 0 ? [
		"origin/HEAD",
		"origin/main",
		"origin/master"
	] : [`origin/${named}`], folder, variables);
}
/** A file that is less alike than this has taken the place of another, whatever its name was. */
const alike = "--find-renames=90%";
/** Changes below the folder, with paths from there; without a newer commit those of the working tree, new files included. */
async function changesInGit(base, head, folder, variables) {
	const ends = head === void 0 ? [base] : [base, head];
	const [listed, untracked] = await Promise.all([git([
		"diff",
		"--name-status",
		"-z",
		"--no-ext-diff",
		alike,
		"-l0",
		"--relative",
		...ends,
		"--",
		"."
	], folder, variables), head === void 0 ? git([
		"ls-files",
		"--others",
		"--exclude-standard",
		"-z",
		"--",
		"."
	], folder, variables) : void 0]);
	const changes = readChanges(listed ?? "");
	if (head !== void 0) return changes;
	return [...changes, ...(untracked ?? "").split("\0").filter(Boolean).map((path) => ({
		kind: "added",
		path
	}))];
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
export { repositoryName as _, parentsOf as a, compareCommits as c, filesOfCommit as d, git as f, repositoryDepth as g, pathsInHistory as h, firstKnown as i, currentCommit as l, originRepository as m, commonCommit as n, bytesOfObject as o, gitText as p, defaultBranchOf as r, commitsWith as s, changesInGit as t, currentTag as u, trackedPaths as v };
