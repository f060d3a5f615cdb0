/**
 * What servers of LLMs speak, apart from how it is sent: a chat travels inside Turnout as OpenAI's
 * chat-completions API has it, and a {@link dev.turnout.llm.wire.ChatFormat} turns it into a
 * server's own and back.
 */
@NullMarked
package dev.turnout.llm.wire;

import org.jspecify.annotations.NullMarked;
