export { n as openConversation } from "./conversation3.js";
