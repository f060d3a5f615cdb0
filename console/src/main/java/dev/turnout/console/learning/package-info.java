/** The page Learning: how the reward went, and which models came and went. */
@NullMarked
package dev.turnout.console.learning;

import org.jspecify.annotations.NullMarked;
