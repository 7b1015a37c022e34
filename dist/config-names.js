import { Ft as string, Nt as object, Tt as array, un as ReleaseError, zt as ZodError } from "./start.js";
import { n as GitHubError } from "./client2.js";
// src/adapters/github/config-names.ts
/** Variables come with their values, which end here. */
const page = object({
	variables: array(object({ name: string() })).optional(),
	secrets: array(object({ name: string() })).optional()
});
/** The names that reach a job of an environment: its own, those of the repository, and those that the organisation shares. */
async function namesOnGitHub(client, repository, environment) {
	if (repository === void 0 || !/^[\w.-]+\/[\w.-]+$/.test(repository)) throw new ReleaseError("invalid-input", "config-have-github needs to know the repository.", { hint: "Outside of GitHub Actions set the environment variable GITHUB_REPOSITORY to owner/name." });
	const names = /* @__PURE__ */ new Set();
	const unread = [];
	const read = /* @__PURE__ */ new Set();
	for (const list of listsOf(repository, environment)) try {
		for await (const one of client.pages(list.path)) {
			const { variables = [], secrets = [] } = page.parse(one);
			for (const { name } of [...variables, ...secrets]) names.add(name);
		}
		read.add(list.what);
	} catch (error) {
		const problem = problemOf(error, list, environment);
		if (!(error instanceof GitHubError && error.status === 404 && list.beside !== void 0 && read.has(list.beside))) unread.push(problem);
	}
	return {
		names: [...names],
		unread
	};
}
function listsOf(repository, environment) {
	const own = `/repos/${repository}`;
	const named = `${own}/environments/${encodeURIComponent(environment)}`;
	const [environments, variables, secrets] = [
		"Environments: read",
		"Variables: read",
		"Secrets: read"
	];
	return [
		{
			what: `variables of the environment ${environment}`,
			path: `${named}/variables?per_page=30`,
			permission: environments
		},
		{
			what: `secrets of the environment ${environment}`,
			path: `${named}/secrets?per_page=100`,
			permission: environments
		},
		{
			what: "variables of the repository",
			path: `${own}/actions/variables?per_page=30`,
			permission: variables
		},
		{
			what: "secrets of the repository",
			path: `${own}/actions/secrets?per_page=100`,
			permission: secrets
		},
		{
			what: "variables of the organisation",
			path: `${own}/actions/organization-variables?per_page=30`,
			permission: variables,
			beside: "variables of the repository"
		},
		{
			what: "secrets of the organisation",
			path: `${own}/actions/organization-secrets?per_page=100`,
			permission: secrets,
			beside: "secrets of the repository"
		}
	];
}
/** Throws `github-refused` for a token that GitHub does not know at all. An answer is never repeated: it may hold values. */
function problemOf(error, { what, permission }, environment) {
	if (error instanceof ZodError) return {
		what,
		because: "GitHub answered in a shape that is not known",
		remedy: "Run it again later."
	};
	if (!(error instanceof GitHubError)) throw error;
	const { status } = error;
	if (status === 401) throw new ReleaseError("github-refused", "GitHub does not accept the token (HTTP 401).", {
		hint: "The input github-token needs a token that is still valid.",
		cause: error
	});
	if (status === void 0 || status === 429 || status >= 500) return {
		what,
		because: status === void 0 ? "GitHub did not answer" : status === 429 ? "GitHub wants to be asked later" : `HTTP ${status}`,
		remedy: "Run it again later."
	};
	const remedy = `Give github-token a fine-grained token or one of an app with the repository permission "${permission}"; the GITHUB_TOKEN of a job cannot have it.`;
	const thing = what.endsWith(environment) ? `environment ${environment}` : "repository";
	return {
		what,
		because: status === 404 ? `HTTP 404: there is no such ${thing}, or the token may not see it` : `HTTP ${status}`,
		remedy
	};
}
export { namesOnGitHub };
