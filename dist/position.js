// src/sql/position.ts
function positionFromUtf16(text, offset) {
	const before = text.slice(0, offset);
	const lineStart = before.lastIndexOf("\n") + 1;
	return {
		offset,
		line: before.split("\n").length,
		column: [...before.slice(lineStart)].length + 1
	};
}
function utf16FromCodePoints(text, codePoints) {
	let offset = 0;
	for (let seen = 0; seen < codePoints && offset < text.length; seen++) offset += text.codePointAt(offset) > 65535 ? 2 : 1;
	return offset;
}
export { utf16FromCodePoints as n, positionFromUtf16 as t };
