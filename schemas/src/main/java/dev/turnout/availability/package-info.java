/** Whether LLMs can answer, as their workers report it. */
@NullMarked
package dev.turnout.availability;

import org.jspecify.annotations.NullMarked;
