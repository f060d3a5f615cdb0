/** Room two: a polled batch as vectors, before its records reach the processor. */
@NullMarked
package dev.turnout.router.encode;

import org.jspecify.annotations.NullMarked;
