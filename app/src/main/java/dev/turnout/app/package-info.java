/** The one executable: command line, roles, quickstart, benchmarks. */
@NullMarked
package dev.turnout.app;

import org.jspecify.annotations.NullMarked;
