/** What servers of LLMs say when they refuse, and what clients and logs read of it. */
@NullMarked
package dev.turnout.llm.failure;

import org.jspecify.annotations.NullMarked;
