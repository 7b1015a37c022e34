import { un as ReleaseError } from "./start.js";
import { readFileSync } from "node:fs";
// src/adapters/postgres/server-account.ts
/**
* Whom PostgreSQL's programs run as when we are root, which its servers refuse: `postgres`, else `nobody`.
* `undefined` for an ordinary user, who runs them as himself.
*/
function serverAccount() {
	if (process.getuid?.() !== 0) return void 0;
	const accounts = readFileSync("/etc/passwd", "utf8").split("\n").map((line) => line.split(":"));
	for (const wanted of ["postgres", "nobody"]) {
		const [, , uid, gid] = accounts.find(([name]) => name === wanted) ?? [];
		if (uid !== void 0 && gid !== void 0 && uid !== "0") return {
			uid: Number(uid),
			gid: Number(gid)
		};
	}
	throw new ReleaseError("scratch-failed", "PostgreSQL refuses to run as root, and this machine has neither a user postgres nor nobody.", { hint: "Run Shiplock as an ordinary user, or add one: useradd --system postgres." });
}
export { serverAccount as t };
