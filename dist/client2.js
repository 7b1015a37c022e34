import { pt as systemClock } from "./start.js";
// src/adapters/github/client.ts
/** An answer that is not the one that was wanted, or none. */
var GitHubError = class extends Error {
	name = "GitHubError";
	/** `undefined` when there was no answer. */
	status;
	constructor(message, status, options = {}) {
		super(message, options);
		this.status = status;
	}
};
const mostAttempts = 4;
/** GitHub may ask for a wait of an hour; a check is not held up that long. */
const longestWaitMs = 6e4;
/** GitHub's API over HTTP, with patience: what may pass is tried again, as GitHub asks for. */
var GitHubClient = class {
	#options;
	constructor(options) {
		this.#options = {
			delayMs: 1e3,
			timeoutMs: 3e4,
			...options,
			apiUrl: options.apiUrl.replace(/\/+$/, "")
		};
	}
	async json(path, request = {}) {
		return (await this.#answer(path, request)).json;
	}
	async text(path) {
		return (await this.#answer(path, { accept: "application/vnd.github.raw+json" })).text;
	}
	/** Every page of a list, as the links of its answers lead. */
	async *pages(path) {
		for (let next = path; next !== void 0;) {
			const answer = await this.#answer(next, {});
			yield answer.json;
			next = nextPage(answer.link, this.#options.apiUrl);
		}
	}
	async graphql(query, variables) {
		const path = this.#options.apiUrl.endsWith("/api/v3") ? `${this.#options.apiUrl.slice(0, -3)}/graphql` : "/graphql";
		const answer = await this.json(path, {
			method: "POST",
			body: {
				query,
				variables
			},
			repeatable: true
		});
		const [problem] = answer.errors ?? [];
		if (problem !== void 0) throw new GitHubError(problem.message ?? "the query failed", {
			FORBIDDEN: 403,
			NOT_FOUND: 404
		}[problem.type ?? ""] ?? 422);
		return answer.data;
	}
	async #answer(path, request) {
		const { signal, delayMs } = this.#options;
		const { method = "GET", repeatable = method !== "POST" } = request;
		for (let attempt = 1;; attempt++) {
			signal.throwIfAborted();
			const tried = await this.#send(path, method, request);
			if (!("problem" in tried)) return tried;
			const waitMs = tried.waitMs ?? delayMs * 2 ** (attempt - 1);
			if (!(tried.limited || repeatable && (tried.problem.status === void 0 || tried.problem.status >= 500)) || attempt >= mostAttempts || waitMs > longestWaitMs) throw tried.problem;
			await systemClock.sleep(waitMs, signal);
		}
	}
	async #send(path, method, { body, accept }) {
		const { apiUrl, token, signal, timeoutMs } = this.#options;
		try {
			const response = await fetch(path.startsWith("http") ? path : apiUrl + path, {
				method,
				headers: {
					accept: accept ?? "application/vnd.github+json",
					authorization: `Bearer ${token}`,
					"user-agent": "shiplock",
					"x-github-api-version": "2022-11-28",
					...body === void 0 ? {} : { "content-type": "application/json" }
				},
				signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
				...body === void 0 ? {} : { body: JSON.stringify(body) }
			});
			const text = await response.text();
			if (!response.ok) return refusal(response, text, this.#options.delayMs);
			const link = response.headers.get("link") ?? "";
			if (accept !== void 0 || text === "") return {
				text,
				link,
				json: void 0
			};
			return {
				text,
				link,
				json: JSON.parse(text)
			};
		} catch (cause) {
			signal.throwIfAborted();
			if (cause instanceof SyntaxError) return {
				problem: new GitHubError("the answer is no JSON", 502, { cause }),
				limited: false
			};
			return {
				problem: new GitHubError(cause instanceof Error && cause.name === "TimeoutError" ? `no answer within ${timeoutMs / 1e3} s` : "the connection failed", void 0, { cause }),
				limited: false
			};
		}
	}
};
/** A secondary limit is told in words alone; a minute is what GitHub asks for then. */
const secondaryWait = 60;
function refusal(response, text, delayMs) {
	const { status, headers } = response;
	const message = messageIn(text);
	const secondary = status === 403 && /secondary rate limit/i.test(message);
	const retryAfter = Number(headers.get("retry-after") ?? NaN);
	const spent = headers.get("x-ratelimit-remaining") === "0";
	const limited = status === 429 || secondary || status === 403 && (spent || !Number.isNaN(retryAfter));
	const resetMs = Number(headers.get("x-ratelimit-reset")) * 1e3 - Date.parse(headers.get("date") ?? "");
	const unasked = limited && spent && resetMs > 0 ? resetMs : secondary ? delayMs * secondaryWait : void 0;
	const waitMs = Number.isNaN(retryAfter) ? unasked : retryAfter * 1e3;
	return {
		problem: new GitHubError(`HTTP ${status}: ${message}`, limited ? 429 : status),
		limited,
		...waitMs === void 0 ? {} : { waitMs }
	};
}
/** An error may come from a proxy, as a page for people. */
function messageIn(text) {
	try {
		const { message } = JSON.parse(text);
		return String(message ?? "no reason given").slice(0, 300);
	} catch {
		return "no reason given";
	}
}
/** A link to another server would be sent the token. */
function nextPage(link, apiUrl) {
	const url = /<([^>]+)>;\s*rel="next"/.exec(link)?.[1];
	return url !== void 0 && new URL(url).origin === new URL(apiUrl).origin ? url : void 0;
}
export { GitHubError as n, GitHubClient as t };
