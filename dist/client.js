export { t as GitHubClient } from "./client2.js";
