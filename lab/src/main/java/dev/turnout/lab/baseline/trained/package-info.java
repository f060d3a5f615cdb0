/** Baselines that train a head on the vectors. */
@NullMarked
package dev.turnout.lab.baseline.trained;

import org.jspecify.annotations.NullMarked;
