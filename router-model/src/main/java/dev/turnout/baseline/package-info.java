/**
 * Routers and bounds from the literature on the same vectors, one class each, to be measured
 * against.
 */
@NullMarked
package dev.turnout.baseline;

import org.jspecify.annotations.NullMarked;
