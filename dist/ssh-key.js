import { t as ReleaseError } from "./errors.js";
// src/ssh-key.ts
const begin = /^-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----$/m;
/**
* The text of a private key as ssh reads it: with line feeds, and one at its end, which secrets and inputs lose.
* Throws `invalid-input`, never with a part of the text.
*/
function readPrivateKey(text) {
	const key = `${text.replaceAll("\r", "").trim()}\n`;
	if (isEncrypted(key)) throw new ReleaseError("invalid-input", "ssh-key is protected by a passphrase, which nobody could type in here.", { hint: "Make a key for this purpose alone (ssh-keygen -t ed25519 -N \"\" -f shiplock), or leave ssh-key out and load yours into an agent (ssh-add)." });
	if (!begin.test(key) || !/^-----END .*-----$/m.test(key)) throw new ReleaseError("invalid-input", "ssh-key is not the text of a private key.", { hint: "It is the whole file with its line breaks, from -----BEGIN to -----END; not its path, and not the public half. SSH_KEY=\"$(cat path)\" passes a file on." });
	return key;
}
/** The texts of a key that must never be printed: as a whole, and line by line. */
function privateKeyForms(text) {
	return [text, ...text.split("\n").map((line) => line.trim())].filter((form) => form.length >= shortestForm && !/^-----.*-----$/.test(form));
}
/** A shorter line says nothing about a key, and could stand in any text. */
const shortestForm = 16;
/** https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.key and the two older forms. */
function isEncrypted(key) {
	if (/^-----BEGIN ENCRYPTED PRIVATE KEY-----$/m.test(key) || /^Proc-Type: 4,ENCRYPTED$/m.test(key)) return true;
	const [, body] = /^-----BEGIN OPENSSH PRIVATE KEY-----\n([\s\S]*)\n-----END/m.exec(key) ?? [];
	const bytes = Buffer.from(body ?? "", "base64");
	if (bytes.toString("latin1", 0, 15) !== "openssh-key-v1\0") return false;
	const length = bytes.length >= 19 ? bytes.readUInt32BE(15) : 0;
	return bytes.toString("latin1", 19, 19 + length) !== "none";
}
export { readPrivateKey as n, privateKeyForms as t };
