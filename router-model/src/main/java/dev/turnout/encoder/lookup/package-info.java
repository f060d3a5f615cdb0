/** The static encoder: frequency-weighted means of token embeddings, no transformer. */
@NullMarked
package dev.turnout.encoder.lookup;

import org.jspecify.annotations.NullMarked;
