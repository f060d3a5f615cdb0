/** Calls of an LLM that end early, since nobody wants or can use their answer any more. */
@NullMarked
package dev.turnout.worker.cancel;

import org.jspecify.annotations.NullMarked;
