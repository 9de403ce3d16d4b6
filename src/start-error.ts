/** Something the user can put right before the next start: `message` is one line, printed as is, and the exit code is 1. */
export class StartError extends Error {}
