import { Ft as string, Nt as object, Pt as record, kt as int } from "./start.js";
// src/migration/schema-note.ts
/**
* What the schema of a database was made of at some moment: a short hash for each part of each object, so that another
* moment can be compared and what changed can be named. `public.users` has the parts `table`, `column email` and so on.
*/
const schemaNoteShape = object({
	/** Whose words the hashes are of: another major version may say the same in others. */
	serverMajor: int(),
	objects: record(string(), record(string(), string())),
	/** The table that each partition belongs to. */
	partitions: record(string(), string()).optional()
});
/** What changed from one moment to another, an object or a part of one a line. */
function schemaChanges(before, now) {
	const sameWords = before.serverMajor === now.serverMajor;
	const names = [.../* @__PURE__ */ new Set([...Object.keys(before.objects), ...Object.keys(now.objects)])].sort();
	const partitions = new PartitionChanges(before, now);
	const changes = names.flatMap((name) => {
		const [old, found] = [before, now].map(({ objects }) => Object.hasOwn(objects, name) ? objects[name] : void 0);
		if (partitions.take(name, old === void 0 ? "added" : found === void 0 ? "removed" : void 0)) return [];
		if (old === void 0) return [`${whole(found)} ${name} was added`];
		if (found === void 0) return [`${whole(old)} ${name} was removed`];
		return partChanges(name, old, found, sameWords);
	});
	return [...partitions.lines(), ...changes];
}
/** A job that makes partitions every day would bury what somebody should look at: they are counted by table. */
var PartitionChanges = class {
	#notes;
	#found = /* @__PURE__ */ new Map();
	constructor(...notes) {
		this.#notes = notes;
	}
	/** Whether a whole object is only another partition of a table that stays. */
	take(name, change) {
		const note = change === "added" ? this.#notes[1] : this.#notes[0];
		if (change === void 0 || note === void 0) return false;
		let parent = parentOf(note, name);
		for (let levels = 0; parent !== void 0 && !this.#isInBoth(parent) && levels < 100; levels++) parent = parentOf(note, parent);
		if (parent === void 0 || !this.#isInBoth(parent)) return false;
		const key = JSON.stringify([parent, change]);
		this.#found.set(key, [...this.#found.get(key) ?? [], name]);
		return true;
	}
	lines() {
		return [...this.#found].map(([key, names]) => {
			const [parent, change] = JSON.parse(key);
			const which = names.length === 1 ? `a partition was ${change}, ${names[0]}` : `${names.length} partitions were ${change}, ${names[0]} to ${names.at(-1)}`;
			return `${whole(this.#notes[1]?.objects[parent])} ${parent}: ${which}`;
		});
	}
	#isInBoth(name) {
		return this.#notes.every(({ objects }) => Object.hasOwn(objects, name));
	}
};
function parentOf({ partitions = {} }, name) {
	return Object.hasOwn(partitions, name) ? partitions[name] : void 0;
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
	return (Object.keys(parts ?? {}).find((part) => !part.includes(" ")) ?? "object").replaceAll("-", " ");
}
export { schemaNoteShape as n, schemaChanges as t };
