/** Graders that look at what users do next. */
@NullMarked
package dev.turnout.grader.traffic;

import org.jspecify.annotations.NullMarked;
