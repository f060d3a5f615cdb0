/** Tries the endpoint of an LLM and says what was found. */
@NullMarked
package dev.turnout.llm.check;

import org.jspecify.annotations.NullMarked;
