/** The static encoder: a table of token vectors, averaged. */
@NullMarked
package dev.turnout.encoder.statictokens;

import org.jspecify.annotations.NullMarked;
