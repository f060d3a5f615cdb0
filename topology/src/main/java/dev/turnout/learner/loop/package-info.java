/** The sample log folded into beliefs, models and verdicts. */
@NullMarked
package dev.turnout.learner.loop;

import org.jspecify.annotations.NullMarked;
