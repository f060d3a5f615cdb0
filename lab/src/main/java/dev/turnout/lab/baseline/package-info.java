/** Routers to compare with, from constants to the oracle. */
@NullMarked
package dev.turnout.lab.baseline;

import org.jspecify.annotations.NullMarked;
