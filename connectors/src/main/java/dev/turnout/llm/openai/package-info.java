/** Servers that speak OpenAI's chat-completions API, and where they differ. */
@NullMarked
package dev.turnout.llm.openai;

import org.jspecify.annotations.NullMarked;
