/** Calls to LLMs: one narrow interface, an OpenAI-compatible client and a simulation. */
@NullMarked
package dev.turnout.llm;

import org.jspecify.annotations.NullMarked;
