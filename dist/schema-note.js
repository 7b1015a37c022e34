import { c as int, f as object, g as string, m as record } from "./schemas.js";
// src/migration/schema-note.ts
/**
* What the schema of a database was made of at some moment: a short hash for each part of each object, so that another
* moment can be compared and what changed can be named. `public.users` has the parts `table`, `column email` and so on.
*/
const schemaNoteShape = object({
	/** Whose words the hashes are of: another major version may say the same in others. */
	serverMajor: int(),
	objects: record(string(), record(string(), string()))
});
/** What changed from one moment to another, an object or a part of one a line. */
function schemaChanges(before, now) {
	const sameWords = before.serverMajor === now.serverMajor;
	return [.../* @__PURE__ */ new Set([...Object.keys(before.objects), ...Object.keys(now.objects)])].sort().flatMap((name) => {
		const [old, found] = [before, now].map(({ objects }) => Object.hasOwn(objects, name) ? objects[name] : void 0);
		if (old === void 0) return [`${whole(found)} ${name} was added`];
		if (found === void 0) return [`${whole(old)} ${name} was removed`];
		return partChanges(name, old, found, sameWords);
	});
}
function partChanges(name, old, found, sameWords) {
	const parts = [.../* @__PURE__ */ new Set([...Object.keys(old), ...Object.keys(found)])].sort();
	const about = `${whole(found)} ${name}`;
	return parts.flatMap((part) => {
		const [before, now] = [old, found].map((one) => Object.hasOwn(one, part) ? one[part] : void 0);
		const what = part.includes(" ") ? `${about}: ${part}` : about;
		if (before === void 0) return [`${what} was added`];
		if (now === void 0) return [`${what} was removed`];
		return before === now || !sameWords ? [] : [`${what} was changed`];
	});
}
/** The kind of the object itself; its parts have a name behind their kind. */
function whole(parts) {
	return Object.keys(parts ?? {}).find((part) => !part.includes(" ")) ?? "object";
}
export { schemaNoteShape as n, schemaChanges as t };
