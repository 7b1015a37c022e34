import { Et as boolean, Ft as string, Lt as union, Mt as number, Nt as object, Rt as unknown, Tt as array, fn as messageOf, jt as looseObject, un as ReleaseError, wt as _enum, zt as ZodError } from "./start.js";
import { n as secretsRight, r as personOf, t as readingRight } from "./rights.js";
import { n as GitHubError } from "./client2.js";
// src/adapters/github/environment.ts
const user = object({
	login: string(),
	id: number(),
	type: string().optional()
});
const rule = looseObject({
	type: string(),
	wait_timer: number().optional(),
	prevent_self_review: boolean().optional(),
	reviewers: array(object({ reviewer: union([user, object({ slug: string() })]) })).optional()
});
const environment = object({
	name: string(),
	can_admins_bypass: boolean().optional(),
	protection_rules: array(rule).default([]),
	deployment_branch_policy: object({
		protected_branches: boolean(),
		custom_branch_policies: boolean()
	}).nullish()
});
const pattern = object({
	name: string(),
	type: _enum(["branch", "tag"]).default("branch")
});
const policies = object({
	total_count: number(),
	branch_policies: array(pattern)
});
const secrets = object({
	total_count: number(),
	secrets: array(object({ name: string() }))
});
const customRules = object({ custom_deployment_protection_rules: array(object({
	enabled: boolean(),
	app: object({ slug: string() })
})).default([]) });
const run = object({
	id: number(),
	run_attempt: number().default(1),
	event: string(),
	head_sha: string(),
	actor: user.nullish(),
	triggering_actor: user.nullish()
});
const approvals = array(object({
	state: _enum([
		"approved",
		"rejected",
		"pending"
	]),
	user,
	environments: array(object({ name: string() }))
}));
/** Throws `protection-unread` where nobody knows which repository is meant. */
function openProtection(client, repository) {
	if (repository === void 0) throw new ReleaseError("protection-unread", "Nobody knows which repository of GitHub this is.", { hint: "Set GITHUB_REPOSITORY to owner/name, or run it in a clone whose remote \"origin\" is on GitHub." });
	const root = `/repos/${repository}`;
	const pathOf = (name) => `${root}/environments/${encodeURIComponent(name)}`;
	return {
		repository,
		environment: (name) => told(`how ${name} is protected`, async () => {
			const found = await environmentAt(client, pathOf(name), root);
			return found === void 0 ? void 0 : describe(environment.parse(found), pathOf(name), root, client);
		}),
		async secretNames(name) {
			const names = (what, path) => quietly(secretsRight, () => told(`the names of ${what}`, async () => (await listed(client, path, secrets, (page) => page.secrets)).map((one) => one.name)));
			return {
				environment: await names(`the secrets of ${name}`, `${pathOf(name)}/secrets`),
				repository: await names("the secrets of the repository", `${root}/actions/secrets`),
				organization: await names("the secrets of the organization", `${root}/actions/organization-secrets`)
			};
		},
		run: (id, attempt) => told(`who started run ${id}`, async () => {
			const path = `${root}/actions/runs/${encodeURIComponent(id)}${attempt === void 0 ? "" : `/attempts/${attempt}`}`;
			const given = run.parse(await client.json(path));
			const people = [given.actor, given.triggering_actor].flatMap((one) => one ? [known(one)] : []);
			return {
				id: String(given.id),
				attempt: given.run_attempt,
				event: given.event,
				commit: given.head_sha,
				people: people.filter((one, index) => people.findIndex((other) => other.id === one.id) === index)
			};
		}),
		approvals: (id) => told(`who approved run ${id}`, async () => {
			return approvals.parse(await client.json(`${root}/actions/runs/${encodeURIComponent(id)}/approvals`)).map(({ state, user: by, environments }) => ({
				by: known(by),
				state,
				environments: environments.map((one) => one.name)
			}));
		})
	};
}
/** GitHub answers 404 both for what is not there and for what a token may not see; whoever may list knows that it is not there. */
async function environmentAt(client, path, root) {
	try {
		return await client.json(path);
	} catch (error) {
		if (!(error instanceof GitHubError) || error.status !== 404) throw error;
		await client.json(`${root}/environments?per_page=1`);
		return;
	}
}
async function describe(given, path, root, client) {
	const rules = given.protection_rules;
	const asking = rules.filter(({ type }) => type === "required_reviewers");
	const reviewers = asking.flatMap((one) => one.reviewers ?? []).map(({ reviewer }) => reviewer);
	return {
		name: given.name,
		reviewers: reviewers.map((one) => "login" in one ? one.login : `team ${one.slug}`),
		preventsSelfReview: asking.length > 0 && asking.every((one) => one.prevent_self_review === true),
		adminsBypass: given.can_admins_bypass,
		waitMinutes: Math.max(0, ...rules.map((one) => one.wait_timer ?? 0)),
		branches: await branchLimit(given.deployment_branch_policy, path, root, client),
		customRules: await quietly(readingRight, () => told("the custom rules", async () => customRules.parse(await client.json(`${path}/deployment_protection_rules`)).custom_deployment_protection_rules.filter(({ enabled }) => enabled).map(({ app }) => app.slug)))
	};
}
async function branchLimit(policy, path, root, client) {
	if (!policy?.protected_branches && !policy?.custom_branch_policies) return { kind: "any" };
	if (policy.custom_branch_policies) {
		const patterns = () => listed(client, `${path}/deployment-branch-policies`, policies, (page) => page.branch_policies);
		return {
			kind: "patterns",
			patterns: await quietly(readingRight, () => told("the branches", patterns))
		};
	}
	const isSome = async () => array(unknown()).parse(await client.json(`${root}/branches?protected=true&per_page=1`)).length > 0;
	return {
		kind: "protected",
		exists: await quietly(readingRight, () => told("the protected branches", isSome))
	};
}
/** All of a list, or an error: a name that was not listed could be the one that matters. */
async function listed(client, path, schema, items) {
	const all = [];
	let total = 0;
	for await (const answer of client.pages(`${path}?per_page=100`)) {
		const page = schema.parse(answer);
		all.push(...items(page));
		total = page.total_count;
	}
	if (all.length < total) throw new GitHubError(`it names only ${all.length} of ${total}`, void 0);
	return all;
}
function known({ login, id, type }) {
	const person = personOf(login, id);
	return {
		login,
		id,
		bot: type === "Bot" || person?.bot === true
	};
}
async function quietly(needed, ask) {
	try {
		return await ask();
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		const why = messageOf(error).replace(/\.$/, "");
		return { unread: error.code === "github-unreachable" ? why : `${why}; ${needed}` };
	}
}
async function told(question, ask) {
	try {
		return await ask();
	} catch (cause) {
		const said = `GitHub did not tell ${question}`;
		if (cause instanceof ZodError) throw new ReleaseError("protection-unread", `${said}: its answer has another form.`, {
			hint: "Check GITHUB_API_URL; it may be a proxy.",
			cause
		});
		if (!(cause instanceof GitHubError)) throw cause;
		const { status, message } = cause;
		if (status === void 0 || status >= 500 || status === 429) throw new ReleaseError("github-unreachable", `${said}: ${message}.`, {
			hint: "Run it again later.",
			cause
		});
		const hint = `${status === 401 ? "The token is mistyped or has expired. " : ""}${readingRight}.`;
		throw new ReleaseError("protection-unread", `${said}: ${message}.`, {
			hint,
			cause
		});
	}
}
export { openProtection };
