/** Choices within a conversation: whether the LLM that answered last answers again. */
@NullMarked
package dev.turnout.policy.session;

import org.jspecify.annotations.NullMarked;
