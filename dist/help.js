// src/help.ts
function helpFor(_) {
	return "";
}
export { helpFor };
