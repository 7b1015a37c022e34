import { un as ReleaseError } from "./start.js";
// src/backup/store-key.ts
/** Keys are the same in every kind of store: relative, with `/` between plain names. Throws `invalid-store`. */
function checkStoreKey(key) {
	const problem = storeKeyProblem(key);
	if (problem === void 0) return;
	throw new ReleaseError("invalid-store", `The key ${JSON.stringify(key)} cannot be used: ${problem}.`, { hint: "A key reads like app/backups/production/….dump, relative to the store." });
}
/** What keeps a text from being a key, if anything does. */
function storeKeyProblem(key) {
	if (key === "") return "it is empty";
	if (/[\u0000-\u001f\u007f\\]/.test(key)) return "it holds a control character or a backslash";
	if (key.startsWith("/")) return "it is absolute";
	const names = key.split("/");
	if (names.includes("")) return "it holds an empty name";
	if (names.includes("..") || names.includes(".")) return "it leaves the store or names a folder twice";
}
export { storeKeyProblem as n, checkStoreKey as t };
