export { n as makeWorkspace } from "./workspace.js";
