import { a as parseConnection } from "./connection.js";
// src/redact.ts
/** Removes known secrets from every text that leaves the process. */
var Redactor = class Redactor {
	#secrets = /* @__PURE__ */ new Set();
	/** Shorter texts are not removed: they would blank half the log and protect nothing. */
	static shortest = 4;
	add(secret) {
		if (secret.length >= Redactor.shortest) this.#secrets.add(secret);
	}
	get isEmpty() {
		return this.#secrets.size === 0;
	}
	/** The text with each secret replaced, longest first, so that a secret inside another leaves nothing behind. */
	redact(text) {
		let clean = text;
		for (const secret of [...this.#secrets].sort((a, b) => b.length - a.length)) clean = clean.replaceAll(secret, "***");
		return clean;
	}
	has(text) {
		return this.redact(text) !== text;
	}
};
/** Every form in which the secret of a connection string may turn up in a log; a text that cannot be parsed included. */
function secretForms(url) {
	const connection = tryParse(url);
	const forms = /* @__PURE__ */ new Set();
	if (connection?.password !== void 0 || connection === void 0) forms.add(url);
	const raw = /\/\/[^:/]*:(.*)@/s.exec(url)?.[1];
	if (raw !== void 0) forms.add(raw);
	const password = connection?.password;
	if (password !== void 0) {
		forms.add(password);
		forms.add(encodeURIComponent(password));
		forms.add(JSON.stringify(password).slice(1, -1));
		forms.add(Buffer.from(`${connection?.user}:${password}`).toString("base64"));
		forms.add(Buffer.from(password).toString("base64"));
	}
	return [...forms].filter((form) => form.length > 0);
}
function tryParse(url) {
	try {
		return parseConnection(url);
	} catch {
		return;
	}
}
/** Fields with words of our own: a password that happens to be "pass" must not blank a verdict. */
const ownWords = /* @__PURE__ */ new Set([
	"schema",
	"tool",
	"command",
	"verdict",
	"status",
	"code",
	"startedAt",
	"finishedAt"
]);
/** A result without secrets: only its texts are touched, never its keys. */
function redacted(value, redactor) {
	if (redactor.isEmpty) return value;
	const clean = (one, key) => {
		if (typeof one === "string") return ownWords.has(key) ? one : redactor.redact(one);
		if (Array.isArray(one)) return one.map((item) => clean(item, key));
		if (typeof one !== "object" || one === null) return one;
		return Object.fromEntries(Object.entries(one).map(([name, inner]) => [name, clean(inner, name)]));
	};
	return clean(value, "");
}
export { redacted as n, secretForms as r, Redactor as t };
