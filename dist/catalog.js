// src/migration/catalog.ts
/** The name of an index that was set aside; it holds its own number, so that it can be mistaken for nothing else. */
function asideName(oid) {
	return `shiplock_invalid_${oid}`;
}
export { asideName as t };
