/** Numbers: distributions, clusters, vectors, algebra. Pure functions. */
@NullMarked
package dev.turnout.math;

import org.jspecify.annotations.NullMarked;
