/**
 * Servers that speak Anthropic's Messages API, asked for chats of OpenAI's chat-completions API.
 */
@NullMarked
package dev.turnout.llm.anthropic;

import org.jspecify.annotations.NullMarked;
