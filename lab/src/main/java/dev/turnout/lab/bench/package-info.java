/** What the benchmarks have in common as commands. */
@NullMarked
package dev.turnout.lab.bench;

import org.jspecify.annotations.NullMarked;
