// src/commands/command.ts
function defineCommand(command) {
	return command;
}
export { defineCommand as t };
