/**
 * Breaks an installation of real processes at random, and counts afterwards what it lost or
 * doubled.
 */
@NullMarked
package dev.turnout.chaos;

import org.jspecify.annotations.NullMarked;
