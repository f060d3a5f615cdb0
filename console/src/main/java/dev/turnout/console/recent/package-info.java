/** The latest decisions as a whole, with what became of them: for search, and for what is alike. */
@NullMarked
package dev.turnout.console.recent;

import org.jspecify.annotations.NullMarked;
