import { createHash } from "node:crypto";
import { Transform } from "node:stream";
// src/backup/fingerprint-stream.ts
/** Counts and hashes what passes through. `result` holds only once the stream has ended. */
function fingerprintStream(onBytes = () => {}) {
	const hash = createHash("sha256");
	let sizeBytes = 0;
	return {
		stream: new Transform({ transform(chunk, _encoding, done) {
			hash.update(chunk);
			sizeBytes += chunk.length;
			onBytes(sizeBytes);
			done(null, chunk);
		} }),
		result: () => ({
			sizeBytes,
			sha256: hash.copy().digest("hex")
		})
	};
}
export { fingerprintStream as t };
