/** Everything in one process: broker, registry, router, LLMs, grader and learner. */
@NullMarked
package dev.turnout.app.quickstart;

import org.jspecify.annotations.NullMarked;
