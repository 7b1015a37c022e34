import { Ft as string, Nt as object, Tt as array, zt as ZodError } from "./start.js";
import { n as GitHubError } from "./client2.js";
// src/adapters/github/commit-checks.ts
const checkRunPage = object({ check_runs: array(object({
	name: string(),
	status: string(),
	conclusion: string().nullable(),
	details_url: string().nullable()
})) });
const statusPage = object({ statuses: array(object({
	context: string(),
	state: string()
})) });
const green = [
	"success",
	"neutral",
	"skipped"
];
/** Asks for both kinds that GitHub has, the newest of each name. Never throws what GitHub answers: what could not be read is a problem. */
async function readCommitChecks(client, repository, commit) {
	const path = `/repos/${repository}/commits/${encodeURIComponent(commit)}`;
	const checks = [];
	return {
		checks,
		problems: [await told("the checks", "checks: read", async () => {
			for await (const page of client.pages(`${path}/check-runs?per_page=100`)) checks.push(...checkRunPage.parse(page).check_runs.map(ofRun));
		}), await told("the statuses", "statuses: read", async () => {
			for await (const page of client.pages(`${path}/status?per_page=100`)) checks.push(...statusPage.parse(page).statuses.map(ofStatus));
		})].filter((one) => one !== void 0)
	};
}
function ofRun({ name, status, conclusion, details_url: url }) {
	return {
		name,
		state: status !== "completed" ? "pending" : green.includes(conclusion ?? "") ? "green" : "red",
		run: /\/actions\/runs\/(\d+)(?:\/|$)/.exec(url ?? "")?.[1]
	};
}
function ofStatus({ context: name, state }) {
	return {
		name,
		state: state === "success" ? "green" : state === "pending" ? "pending" : "red",
		run: void 0
	};
}
/** Why it could not be read; nothing when it could. */
async function told(what, right, ask) {
	try {
		await ask();
		return;
	} catch (error) {
		if (error instanceof ZodError) return `GitHub gave an answer of another form for ${what}.`;
		if (!(error instanceof GitHubError)) throw error;
		const cure = [
			401,
			403,
			404
		].includes(error.status ?? 0) ? ` The job needs "permissions: { contents: read, ${right} }".` : "";
		return `GitHub did not tell ${what}: ${error.message}.${cure}`;
	}
}
export { readCommitChecks };
