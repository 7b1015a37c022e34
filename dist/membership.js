import { f as object, g as string, i as array, r as _enum } from "./schemas.js";
// src/backup/membership.ts
/** A role that is a member of another one; options are what makes it more, or less, than a plain membership. */
const membershipSchema = object({
	role: string(),
	member: string(),
	options: array(_enum([
		"admin",
		"no inherit",
		"no set"
	]))
});
/** One for each pair of roles: before 16 there can be no other, and since then several roles may grant the same. */
function mergeMemberships(granted) {
	const pairs = /* @__PURE__ */ new Map();
	for (const one of granted) {
		const key = membershipKey(one);
		const { admin, inherit, set } = pairs.get(key) ?? {
			admin: false,
			inherit: false,
			set: false
		};
		pairs.set(key, {
			...one,
			admin: admin || one.admin,
			inherit: inherit || one.inherit,
			set: set || one.set
		});
	}
	return [...pairs.values()].map(({ role, member, admin, inherit, set }) => ({
		role,
		member,
		options: [
			...admin ? ["admin"] : [],
			...inherit ? [] : ["no inherit"],
			...set ? [] : ["no set"]
		]
	}));
}
function membershipKey({ role, member }) {
	return JSON.stringify([member, role]);
}
export { membershipSchema as n, mergeMemberships as r, membershipKey as t };
