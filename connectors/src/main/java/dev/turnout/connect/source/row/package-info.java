/** What a row of a file means: a query, a grade, or why it is neither. */
@NullMarked
package dev.turnout.connect.source.row;

import org.jspecify.annotations.NullMarked;
