export { n as applicationName } from "./session2.js";
