/** Learns how difficult a text is for each LLM, and how much that counts beside its cells. */
@NullMarked
package dev.turnout.train.difficulty;

import org.jspecify.annotations.NullMarked;
