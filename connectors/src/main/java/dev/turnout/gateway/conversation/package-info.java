/** What routing needs to know of a conversation: its last turns, what it needs, who answered. */
@NullMarked
package dev.turnout.gateway.conversation;

import org.jspecify.annotations.NullMarked;
