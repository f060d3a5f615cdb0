/** Graders that compare an answer with what is expected, without asking anybody. */
@NullMarked
package dev.turnout.grader.check;

import org.jspecify.annotations.NullMarked;
