/** A worker's replies to the gateway that asked: pieces of an answer, and what became of it. */
@NullMarked
package dev.turnout.worker.reply;

import org.jspecify.annotations.NullMarked;
