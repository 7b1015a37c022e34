export { t as applicationName } from "./session2.js";
