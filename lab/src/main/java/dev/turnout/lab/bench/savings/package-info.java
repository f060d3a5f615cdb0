/** {@code turnout bench savings}: do the intervals of the savings hold the truth? */
@NullMarked
package dev.turnout.lab.bench.savings;

import org.jspecify.annotations.NullMarked;
