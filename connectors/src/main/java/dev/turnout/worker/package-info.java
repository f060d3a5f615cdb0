/** The pool that answers the requests of one LLM. */
@NullMarked
package dev.turnout.worker;

import org.jspecify.annotations.NullMarked;
