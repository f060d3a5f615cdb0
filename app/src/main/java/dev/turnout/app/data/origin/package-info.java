/** What a reader understood of the files of a data set. */
@NullMarked
package dev.turnout.app.data.origin;

import org.jspecify.annotations.NullMarked;
