/** WordPiece tokenisation as BERT models were trained with, fast enough to feed static encoders. */
@NullMarked
package dev.turnout.encoder.wordpiece;

import org.jspecify.annotations.NullMarked;
