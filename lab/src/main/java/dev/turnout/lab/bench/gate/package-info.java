/** {@code turnout bench gate}. */
@NullMarked
package dev.turnout.lab.bench.gate;

import org.jspecify.annotations.NullMarked;
