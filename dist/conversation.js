// src/lint/conversation.ts
/** Why nothing was written. It changes no verdict. */
var ConversationError = class extends Error {
	name = "ConversationError";
	/** Whether another token would have been allowed to. */
	forbidden;
	constructor(message, forbidden, options = {}) {
		super(message, options);
		this.forbidden = forbidden;
	}
};
export { ConversationError as t };
