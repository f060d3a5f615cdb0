/** How many requests wait for the workers of each LLM. */
@NullMarked
package dev.turnout.control.backlog;

import org.jspecify.annotations.NullMarked;
