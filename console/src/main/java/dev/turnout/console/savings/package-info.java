/** The pages "Does it pay" and "Pareto": what routing saves, and what other weights would have. */
@NullMarked
package dev.turnout.console.savings;

import org.jspecify.annotations.NullMarked;
