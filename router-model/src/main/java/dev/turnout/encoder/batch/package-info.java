/** Texts as batches of tokens of like length, side by side on several threads. */
@NullMarked
package dev.turnout.encoder.batch;

import org.jspecify.annotations.NullMarked;
