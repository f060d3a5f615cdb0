/** Queries as vectors. */
@NullMarked
package dev.turnout.encoder;

import org.jspecify.annotations.NullMarked;
