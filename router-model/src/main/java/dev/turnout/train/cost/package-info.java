/** Learning what answers take from those that were recorded. */
@NullMarked
package dev.turnout.train.cost;

import org.jspecify.annotations.NullMarked;
