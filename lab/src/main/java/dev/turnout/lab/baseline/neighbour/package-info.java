/** Baselines that pool outcomes over neighbours or clusters. */
@NullMarked
package dev.turnout.lab.baseline.neighbour;

import org.jspecify.annotations.NullMarked;
