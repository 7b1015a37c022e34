// src/lint/publish/url-path.ts
/** A path for a URL: nothing in it can end the link that it stands in, and a name that is no Unicode text does no harm. */
function urlPath(path) {
	return path.split("/").map(urlPart).join("/");
}
/** One name of a path. */
function urlPart(name) {
	const text = Buffer.from(name, "utf8").toString("utf8");
	return encodeURIComponent(text).replace(/[()'*!]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
export { urlPath as n, urlPart as t };
