/** Readers of recorded outcomes, one a file format. */
@NullMarked
package dev.turnout.app.data.read;

import org.jspecify.annotations.NullMarked;
