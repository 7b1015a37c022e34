export { rt as layouts } from "./migrations.js";
