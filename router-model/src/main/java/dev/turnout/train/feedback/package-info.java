/** Training on what the loop graded: one LLM a query, by propensity. */
@NullMarked
package dev.turnout.train.feedback;

import org.jspecify.annotations.NullMarked;
