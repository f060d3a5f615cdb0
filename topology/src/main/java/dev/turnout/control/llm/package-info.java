/** Which LLMs exist, and where their requests go. */
@NullMarked
package dev.turnout.control.llm;

import org.jspecify.annotations.NullMarked;
