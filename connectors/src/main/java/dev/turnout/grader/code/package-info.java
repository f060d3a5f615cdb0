/** Graders that run an answer's code. */
@NullMarked
package dev.turnout.grader.code;

import org.jspecify.annotations.NullMarked;
