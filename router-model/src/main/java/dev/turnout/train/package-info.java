/** Recipes: recorded or graded outcomes in, a router model out. */
@NullMarked
package dev.turnout.train;

import org.jspecify.annotations.NullMarked;
