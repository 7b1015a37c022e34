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
	const env = Object.fromEntries([
		"PATH",
		"HOME",
		"LANG"
	].flatMap((name) => variables[name] === void 0 ? [] : [[name, variables[name]]]));
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
export { gitText as a, repositoryName as c, git as i, trackedPaths as l, currentCommit as n, pathsInHistory as o, currentTag as r, repositoryDepth as s, compareCommits as t };
