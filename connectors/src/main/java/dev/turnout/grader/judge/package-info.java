/** LLMs that mark the answers of others. */
@NullMarked
package dev.turnout.grader.judge;

import org.jspecify.annotations.NullMarked;
