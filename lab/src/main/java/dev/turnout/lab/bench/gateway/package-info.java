/** {@code turnout bench gateway}. */
@NullMarked
package dev.turnout.lab.bench.gateway;

import org.jspecify.annotations.NullMarked;
