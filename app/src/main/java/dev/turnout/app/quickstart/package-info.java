/** Everything in one process: broker, registry, router, simulated LLMs, grader and a live view. */
@NullMarked
package dev.turnout.app.quickstart;

import org.jspecify.annotations.NullMarked;
