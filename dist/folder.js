import { n as storeKeyProblem, t as checkStoreKey } from "./store-key.js";
import { fn as messageOf, pn as systemCode, un as ReleaseError } from "./start.js";
import { t as _usingCtx } from "./usingCtx.js";
import { fileURLToPath, pathToFileURL } from "node:url";
import { randomBytes } from "node:crypto";
import { link, lstat, mkdir, open, readdir, realpath, stat, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { constants as constants$1 } from "node:fs";
import { pipeline } from "node:stream/promises";
// src/adapters/storage/folder-errors.ts
/** Turns what the file system says into an error with a next step. */
async function explainFolder(error, root, key) {
	if (error instanceof ReleaseError) return error;
	const code = systemCode(error) ?? "";
	const where = `${pathToFileURL(root).href} (${key === "" ? code : `${code} at ${key}`})`;
	if (code === "ENOTSUP" || code === "EOPNOTSUPP" || code === "ENOSYS" || code === "EPERM" && isLink(error)) return invalidStore(`The file system of the store ${where} has no hard links, which keep a backup from being overwritten`, "Name a folder on a local disk.", error);
	if (code === "EACCES" || code === "EPERM" || code === "EROFS") return invalidStore(`The store ${where} may not be used`, `Give this user the right to read and write ${root}, or name another folder.`, error);
	if (code === "ENOTDIR" || code === "EEXIST") {
		if (!await isFolder(root)) return notAFolder(root, error);
		return invalidStore(`A file stands where the store needs a folder: ${where}`, "Move the file away.", error);
	}
	if (code === "ENAMETOOLONG" || code === "ELOOP") return invalidStore(`The store ${where} cannot be used: ${messageOf(error)}`, "Name another folder.", error);
	if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG") return new ReleaseError("backup-failed", `The store ${where} is full; nothing was kept of what was being written.`, {
		hint: "Make room, or name a folder on a larger disk.",
		cause: error
	});
	return error;
}
/** Linux answers EPERM to `link` where the file system knows none. */
function isLink(error) {
	return typeof error === "object" && error !== null && "syscall" in error && error.syscall === "link";
}
async function isFolder(path) {
	return (await stat(path).catch(() => void 0))?.isDirectory() ?? false;
}
function notAFolder(root, cause) {
	return invalidStore(`${root} is not a folder, or something above it is not`, "Name a folder as the store, such as file:///srv/backups.", cause);
}
function invalidStore(problem, hint, cause) {
	return new ReleaseError("invalid-store", `${problem}.`, {
		hint,
		cause
	});
}
// src/adapters/storage/folder.ts
/** Objects under way have such names; whatever a killed process leaves behind never looks like an object. */
const partialStart = ".partial-";
/** Made beside the first object, and never an object itself. */
const ignoreFile = ".gitignore";
/** A partial file that nobody wrote to for so long belongs to a process that died. */
const staleMs = 864e5;
/** The folder that a `file:///` URL names. Throws `invalid-store`. */
function folderOfUrl(url) {
	try {
		return fileURLToPath(url);
	} catch (error) {
		throw invalidStore(`${url} does not name a folder of this machine`, "Write it as file:///srv/backups.", error);
	}
}
/** A new store inside a checkout must never be committed: it holds production data. */
async function keepOutOfGit(root) {
	await writeFile(join(root, ignoreFile), "*\n", { mode: 384 });
}
/** A store in a folder, which the first object creates. Folders are made with mode 0700, files with 0600. */
function folderStore(root, now) {
	let cleaned;
	return {
		description: pathToFileURL(root).href,
		async put(key, source, signal) {
			source.on("error", () => {});
			try {
				const path = pathOf(root, key);
				await refuseExisting(path, key);
				const made = await mkdir(dirname(path), {
					recursive: true,
					mode: 448
				});
				if (made !== void 0 && root.startsWith(made)) await keepOutOfGit(root);
				cleaned ??= removeStale(root, now().getTime() - staleMs);
				await cleaned;
				return {
					key,
					sizeBytes: await writeNew(path, key, source, signal)
				};
			} catch (error) {
				source.destroy();
				throw await explainFolder(error, root, key);
			}
		},
		async get(key) {
			const handle = await openObject(root, key);
			if (handle === void 0) throw new ReleaseError("backup-not-found", `${pathToFileURL(root).href} holds no object ${key}.`, { hint: "Check the key and the store." });
			return handle.createReadStream({ highWaterMark: 1048576 });
		},
		async head(key) {
			try {
				var _usingCtx$1 = _usingCtx();
				const handle = await openObject(root, key);
				if (handle === void 0) return void 0;
				return {
					key,
					sizeBytes: (await _usingCtx$1.a(handle).stat()).size
				};
			} catch (_) {
				_usingCtx$1.e = _;
			} finally {
				await _usingCtx$1.d();
			}
		},
		async list(prefix) {
			const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
			if (folder !== "") checkStoreKey(folder.slice(0, -1));
			const found = [];
			try {
				await requireFolder(root);
				await collect(join(root, folder), folder, [], found);
			} catch (error) {
				throw await explainFolder(error, root, prefix);
			}
			return found.filter(({ key }) => key.startsWith(prefix)).sort((a, b) => a.key < b.key ? -1 : 1);
		},
		async delete(key) {
			try {
				await unlink(pathOf(root, key));
			} catch (error) {
				if (!isMissing(error)) throw await explainFolder(error, root, key);
			}
		}
	};
}
/**
* The object appears by `link`, which is atomic and, unlike `rename`, refuses a name that is taken.
* https://man7.org/linux/man-pages/man2/link.2.html
*/
async function writeNew(path, key, source, signal) {
	const partial = join(dirname(path), `${partialStart}${process.pid}-${randomBytes(8).toString("hex")}`);
	const handle = await open(partial, "wx", 384);
	try {
		const sizeBytes = await fill(handle, source, signal);
		signal.throwIfAborted();
		await link(partial, path);
		return sizeBytes;
	} catch (error) {
		if (systemCode(error) === "EEXIST") throw exists(key);
		throw error;
	} finally {
		await unlink(partial);
		await syncFolder(dirname(path));
	}
}
async function fill(handle, source, signal) {
	try {
		await pipeline(source, (chunks) => writeAll(handle, chunks), { signal });
		await handle.sync();
		return (await handle.stat()).size;
	} finally {
		await handle.close();
	}
}
async function writeAll(handle, chunks) {
	for await (const chunk of chunks) await handle.writeFile(chunk);
}
/** Without this, a power cut could take away the name of a file whose bytes are safe. */
async function syncFolder(path) {
	try {
		var _usingCtx3 = _usingCtx();
		await _usingCtx3.a(await open(path, "r")).sync();
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}
async function refuseExisting(path, key) {
	if (await lstat(path).catch((error) => {
		if (systemCode(error) !== "ENOENT") throw error;
	}) !== void 0) throw exists(key);
}
/** A missing store holds nothing; something else in its place is a mistake. */
async function requireFolder(root) {
	const found = await stat(root).catch((error) => {
		if (systemCode(error) !== "ENOENT") throw error;
	});
	if (found !== void 0 && !found.isDirectory()) throw notAFolder(root);
}
async function openObject(root, key) {
	checkStoreKey(key);
	if (isPartial(key)) return void 0;
	try {
		await requireFolder(root);
		const handle = await open(join(root, key), constants$1.O_RDONLY | constants$1.O_NONBLOCK);
		if ((await handle.stat()).isFile()) return handle;
		await handle.close();
		return;
	} catch (error) {
		if (isMissing(error)) return void 0;
		throw await explainFolder(error, root, key);
	}
}
/** Walks a folder, through symbolic links too: a class of backups may live on another disk. */
async function collect(folder, prefix, above, found) {
	for (const name of await namesIn(folder)) {
		if (name === ignoreFile || isPartial(name) || storeKeyProblem(name) !== void 0) continue;
		const path = join(folder, name);
		const entry = await stat(path).catch(skipMissing);
		if (entry?.isFile()) found.push({
			key: prefix + name,
			sizeBytes: entry.size
		});
		if (entry?.isDirectory()) {
			const place = await realpath(path);
			if (!above.includes(place)) await collect(path, `${prefix}${name}/`, [...above, place], found);
		}
	}
}
/** Nothing depends on it, so what cannot be read or removed stays: another user's process may have left it. */
async function removeStale(folder, before) {
	const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
	for (const entry of entries) {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) await removeStale(path, before);
		if (!entry.isFile() || !entry.name.startsWith(partialStart)) continue;
		const file = await lstat(path).catch(() => void 0);
		if (file !== void 0 && file.mtimeMs < before) await unlink(path).catch(() => {});
	}
}
async function namesIn(folder) {
	return await readdir(folder).catch(skipMissing) ?? [];
}
function skipMissing(error) {
	if (!isMissing(error)) throw error;
}
function isMissing(error) {
	return ["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "");
}
function isPartial(key) {
	return key.split("/").some((name) => name.startsWith(partialStart));
}
function pathOf(root, key) {
	checkStoreKey(key);
	if (isPartial(key)) throw invalidStore(`The key ${JSON.stringify(key)} cannot be used: ${partialStart}… is a reserved name`, "Name another key.");
	return join(root, key);
}
function exists(key) {
	return new ReleaseError("backup-exists", `The store holds ${key} already, and nothing in it is ever overwritten.`, { hint: "Run the command again: a new backup gets a key of its own." });
}
export { folderOfUrl, folderStore };
