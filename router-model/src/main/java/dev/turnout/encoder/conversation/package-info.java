/** What is encoded of a query that belongs to a conversation. */
@NullMarked
package dev.turnout.encoder.conversation;

import org.jspecify.annotations.NullMarked;
