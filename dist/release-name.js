import { access, readFile } from "node:fs/promises";
import { resolve } from "node:path";
// src/home-folders.ts
/** Rails, whose application is there before its first migration. */
const railsHome = {
	layout: "rails",
	shownBy: ["config/application.rb", "Rails::Application"],
	pre: "db/migrate",
	post: "db/post_migrate"
};
/** Where tools keep their migrations that have a place of their own in a project. */
const homes = [railsHome, {
	layout: "prisma",
	shownBy: ["prisma/migrations/migration_lock.toml", "provider"],
	pre: "prisma/migrations",
	post: "prisma/post_migrations"
}];
/** Post folders that nobody has to have named: before the first post migration they are not there. */
const usualPostFolders = ["db/post_migrations", ...homes.map(({ post }) => post)];
/** The folders of a tool that is at home here, where the usual one is not there and nobody names another tool; those of Rails always where it is named. */
async function homeFolders(valueGiven, baseDir) {
	const named = valueGiven("layout") ?? (valueGiven("migrate-command") === void 0 ? void 0 : "command");
	for (const home of homes) {
		if (named !== void 0 && named !== home.layout) continue;
		if (named !== "rails" && !await isHome(home, baseDir)) continue;
		return [["migrations", home.pre], ["migrations-post", home.post]];
	}
	return [];
}
async function isHome({ shownBy: [path, text] }, baseDir) {
	if (!(await readFile(resolve(baseDir, path), "utf8").catch(() => "")).includes(text)) return false;
	return access(resolve(baseDir, "db/migrations")).then(() => false, () => true);
}
// src/release-name.ts
/** What a release is called where there is neither a tag nor a commit. Two of that name need not be the same. */
const unversioned = "unversioned";
function isSameRelease(one, other) {
	if (one.commit !== void 0 && one.commit === other.commit) return true;
	return one.release === other.release && one.release !== "unversioned";
}
export { usualPostFolders as a, railsHome as i, unversioned as n, homeFolders as r, isSameRelease as t };
