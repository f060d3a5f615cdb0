/** Training: recipes that turn per-query outcomes into a router model. */
@NullMarked
package dev.turnout.train;

import org.jspecify.annotations.NullMarked;
