/** {@code turnout bench encode}. */
@NullMarked
package dev.turnout.lab.bench.encode;

import org.jspecify.annotations.NullMarked;
