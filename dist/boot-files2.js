export { n as bootRefusal } from "./boot-files.js";
