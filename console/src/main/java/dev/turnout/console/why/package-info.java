/** The page Why this LLM: one decision, taken apart. */
@NullMarked
package dev.turnout.console.why;

import org.jspecify.annotations.NullMarked;
