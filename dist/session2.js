export { t as applicationName } from "./session.js";
