package dev.turnout.router;

/**
 * A refusal to route a record.
 *
 * @param reason the kind of refusal
 * @param detail what was found and what would be right, in words
 */
record DeadLetter(DeadLetterReason reason, String detail) {}
