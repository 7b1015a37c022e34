export { t as lookAhead } from "./outlook2.js";
