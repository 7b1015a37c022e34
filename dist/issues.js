import { Et as boolean, Ft as string, Nt as object, Tt as array, kt as int } from "./start.js";
import { i as told, r as page, t as every } from "./conversation3.js";
// src/adapters/github/issues.ts
const createdIssue = object({
	number: int(),
	html_url: string()
});
const node = object({
	number: int(),
	url: string(),
	viewerDidAuthor: boolean(),
	body: string()
});
const list = object({ repository: object({ issues: object({
	nodes: array(node),
	pageInfo: page
}) }) });
/** The newest ones, from the tables and not from the search, which learns of an issue only after a while. */
const issuesQuery = `query ($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    issues(first: 100, after: $after, states: OPEN, orderBy: { field: CREATED_AT, direction: DESC }) {
      nodes { number url viewerDidAuthor body } pageInfo { hasNextPage endCursor } } } }`;
/** A second run of a rollback comes soon; in a repository with more open issues since then a second issue does no harm. */
const mostPages = 5;
function openIssues(client, repository) {
	const [owner = "", name = ""] = repository.split("/");
	const path = `/repos/${repository}/issues`;
	return {
		find: (marker) => told(async () => {
			let pages = 0;
			const own = (await every(async (after) => {
				const { issues } = list.parse(await client.graphql(issuesQuery, {
					owner,
					name,
					after
				})).repository;
				return issues.nodes.some((one) => one.viewerDidAuthor && one.body.includes(marker)) || ++pages >= mostPages ? {
					...issues,
					pageInfo: {
						...issues.pageInfo,
						hasNextPage: false
					}
				} : issues;
			})).find((one) => one.viewerDidAuthor && one.body.includes(marker));
			return own === void 0 ? void 0 : {
				number: own.number,
				url: own.url
			};
		}),
		open: ({ title, body }) => told(async () => {
			const { number, html_url: url } = createdIssue.parse(await client.json(path, {
				method: "POST",
				body: {
					title,
					body
				}
			}));
			return {
				number,
				url
			};
		}),
		async comment(number, body) {
			await told(() => client.json(`${path}/${number}/comments`, {
				method: "POST",
				body: { body }
			}));
		}
	};
}
export { openIssues };
