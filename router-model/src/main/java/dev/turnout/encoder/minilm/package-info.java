/** The embedded default: all-MiniLM-L6-v2 as found on the class path. */
@NullMarked
package dev.turnout.encoder.minilm;

import org.jspecify.annotations.NullMarked;
