/** Anthropic's Messages API. */
@NullMarked
package dev.turnout.gateway.messages;

import org.jspecify.annotations.NullMarked;
