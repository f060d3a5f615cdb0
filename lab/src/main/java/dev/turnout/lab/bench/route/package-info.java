/** {@code turnout bench route}. */
@NullMarked
package dev.turnout.lab.bench.route;

import org.jspecify.annotations.NullMarked;
