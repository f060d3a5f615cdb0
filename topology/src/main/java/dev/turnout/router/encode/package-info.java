/**
 * Room two: a polled batch as vectors, ahead of the processor. Knows {@code router.intake}, whose
 * queries it encodes.
 */
@NullMarked
package dev.turnout.router.encode;

import org.jspecify.annotations.NullMarked;
