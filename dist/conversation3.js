import { Et as boolean, Ft as string, Mt as number, Nt as object, Tt as array, zt as ZodError } from "./start.js";
import { t as ConversationError } from "./conversation.js";
import { n as GitHubError } from "./client2.js";
// src/adapters/github/conversation.ts
const page = object({
	hasNextPage: boolean(),
	endCursor: string().nullable()
});
const comment = object({
	databaseId: number(),
	viewerDidAuthor: boolean(),
	body: string()
});
const comments = object({ repository: object({ pullRequest: object({
	headRefOid: string(),
	comments: object({
		nodes: array(comment),
		pageInfo: page
	})
}) }) });
const lineComment = object({
	viewerDidAuthor: boolean(),
	body: string()
});
const threads = object({ repository: object({ pullRequest: object({ reviewThreads: object({
	nodes: array(object({ comments: object({ nodes: array(lineComment) }) })),
	pageInfo: page
}) }) }) });
/** Who wrote a comment is asked of GitHub: a login can be guessed wrong, and a marker can be planted. */
const commentsQuery = `query ($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { headRefOid
    comments(first: 100, after: $after) { nodes { databaseId viewerDidAuthor body } pageInfo { hasNextPage endCursor } } } } }`;
const threadsQuery = `query ($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    reviewThreads(first: 100, after: $after) {
      nodes { comments(first: 1) { nodes { viewerDidAuthor body } } } pageInfo { hasNextPage endCursor } } } } }`;
function openConversation(client, { repository, number }) {
	const [owner = "", name = ""] = repository.split("/");
	const asked = (after) => ({
		owner,
		name,
		number,
		after
	});
	return {
		ownComments: (marker) => told(async () => {
			let head = "";
			const own = (await every(async (after) => {
				const { pullRequest } = comments.parse(await client.graphql(commentsQuery, asked(after))).repository;
				head = pullRequest.headRefOid;
				return pullRequest.comments;
			})).filter((one) => one.viewerDidAuthor && one.body.includes(marker));
			return {
				head,
				comments: own.map(({ databaseId: id, body }) => ({
					id,
					body
				})).sort((one, other) => one.id - other.id)
			};
		}),
		ownLineComments: () => told(async () => {
			return (await every(async (after) => threads.parse(await client.graphql(threadsQuery, asked(after))).repository.pullRequest.reviewThreads)).flatMap(({ comments }) => comments.nodes.filter((one) => one.viewerDidAuthor).map(({ body }) => body));
		}),
		async write(body) {
			await told(() => client.json(`/repos/${repository}/issues/${number}/comments`, {
				method: "POST",
				body: { body }
			}));
		},
		async rewrite(id, body) {
			await told(() => client.json(`/repos/${repository}/issues/comments/${id}`, {
				method: "PATCH",
				body: { body }
			}));
		},
		async remove(id) {
			await told(async () => {
				await client.json(`/repos/${repository}/issues/comments/${id}`, { method: "DELETE" }).catch((error) => {
					if (!(error instanceof GitHubError) || error.status !== 404) throw error;
				});
			});
		},
		async commentOnLines(commit, lines) {
			const body = {
				commit_id: commit,
				event: "COMMENT",
				comments: lines.map(lineCommentBody)
			};
			await told(() => client.json(`/repos/${repository}/pulls/${number}/reviews`, {
				method: "POST",
				body
			}));
		}
	};
}
/** All nodes of a list that comes in pages. */
async function every(read) {
	const all = [];
	for (let after = null;;) {
		const { nodes, pageInfo } = await read(after);
		all.push(...nodes);
		if (!pageInfo.hasNextPage) return all;
		after = pageInfo.endCursor;
	}
}
function lineCommentBody({ path, startLine, endLine, body }) {
	return {
		path,
		body,
		line: endLine,
		side: "RIGHT",
		...startLine === endLine ? {} : {
			start_line: startLine,
			start_side: "RIGHT"
		}
	};
}
/** Turns what GitHub answers into a `ConversationError`. */
async function told(ask) {
	try {
		return await ask();
	} catch (cause) {
		if (cause instanceof ZodError) throw new ConversationError("GitHub gave an answer of another form", false, { cause });
		if (!(cause instanceof GitHubError)) throw cause;
		throw new ConversationError(cause.message, [
			401,
			403,
			404
		].includes(cause.status ?? 0), { cause });
	}
}
export { told as i, openConversation as n, page as r, every as t };
