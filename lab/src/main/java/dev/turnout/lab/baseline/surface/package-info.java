/** A router that looks at nothing but the surface of a text. */
@NullMarked
package dev.turnout.lab.baseline.surface;

import org.jspecify.annotations.NullMarked;
