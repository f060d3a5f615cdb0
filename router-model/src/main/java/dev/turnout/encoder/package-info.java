/** Texts to vectors: the query encoders and their identity. */
@NullMarked
package dev.turnout.encoder;

import org.jspecify.annotations.NullMarked;
