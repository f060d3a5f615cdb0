/** Which LLMs there are. */
@NullMarked
package dev.turnout.control.llm;

import org.jspecify.annotations.NullMarked;
