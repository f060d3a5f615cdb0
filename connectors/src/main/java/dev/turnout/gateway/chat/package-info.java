/** OpenAI's chat-completions API, which is the internal form too. */
@NullMarked
package dev.turnout.gateway.chat;

import org.jspecify.annotations.NullMarked;
