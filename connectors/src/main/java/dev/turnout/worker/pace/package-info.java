/** How fast an LLM answers, and what a worker makes of it. */
@NullMarked
package dev.turnout.worker.pace;

import org.jspecify.annotations.NullMarked;
