import { n as messageOf, r as systemCode, t as ReleaseError } from "./errors.js";
import { i as verdictOf } from "./result.js";
import { i as formatSize } from "./units.js";
import { r as fingerprintStream } from "./store-place.js";
import { pipeline } from "node:stream/promises";
// src/backup/read-back.ts
/** Shows as much of a stored dump as the level asks for. A check that was not made says so. */
async function inspect(store, expected, level, decode, signal) {
	const landed = await checkLanded(store, expected);
	if (level === "landed") return {
		level: "landed",
		checks: [landed, ...notReadBack("level is landed")],
		hindrance: void 0
	};
	if (landed.status === "fail") return {
		level: "landed",
		checks: [landed, ...notReadBack("it did not land")],
		hindrance: void 0
	};
	try {
		const checks = [landed, ...await readBack(store, expected, decode, signal)];
		return {
			level: verdictOf(checks) === "pass" ? "read-back" : "landed",
			checks,
			hindrance: void 0
		};
	} catch (error) {
		if (signal.aborted || !isHindrance(error)) throw error;
		const hindrance = messageOf(error);
		return {
			level: "landed",
			checks: [landed, ...notReadBack(hindrance)],
			hindrance
		};
	}
}
/** Whether the store holds an object of the right size: all that a look from outside can tell. */
async function checkLanded(store, { key, sizeBytes }) {
	const found = await store.head(key);
	if (found === void 0) return {
		id: "landed",
		status: "fail",
		message: "the object is not in the store"
	};
	const common = {
		id: "landed",
		value: formatSize(found.sizeBytes)
	};
	if (found.sizeBytes === sizeBytes) return {
		...common,
		status: "pass"
	};
	return {
		...common,
		status: "fail",
		message: `${found.sizeBytes} bytes are stored, where ${sizeBytes} were written`
	};
}
/**
* Reads a stored dump once from its first byte to its last, hashing and decoding in one pass: a decoder alone does
* not see a changed byte in data that is not compressed, or compressed with zstd or lz4.
*/
async function readBack(store, expected, decode, signal) {
	const failed = new AbortController();
	const { stream, result } = fingerprintStream();
	const flow = pipeline(await store.get(expected.key), stream, { signal: AbortSignal.any([signal, failed.signal]) });
	try {
		const [problem] = await Promise.all([decode(stream), flow]);
		return [compare(result(), expected), decoded(problem)];
	} finally {
		failed.abort();
	}
}
function notReadBack(message) {
	return [{
		id: "sha256",
		status: "not-checked",
		message
	}, {
		id: "decoded",
		status: "not-checked",
		message
	}];
}
function compare(found, expected) {
	if (found.sha256 === expected.sha256) return {
		id: "sha256",
		status: "pass",
		value: found.sha256
	};
	const size = found.sizeBytes === expected.sizeBytes ? "" : `; ${found.sizeBytes} bytes were read, where ${expected.sizeBytes} were written`;
	return {
		id: "sha256",
		status: "fail",
		value: found.sha256,
		limit: expected.sha256,
		message: `the stored bytes are not those that were written${size}`
	};
}
function decoded(problem) {
	return problem === "" ? {
		id: "decoded",
		status: "pass"
	} : {
		id: "decoded",
		status: "fail",
		message: problem
	};
}
/** A store, a network or a missing program may keep us from reading; anything else that is thrown is a bug. */
function isHindrance(error) {
	return error instanceof ReleaseError || systemCode(error) !== void 0;
}
export { inspect as t };
