/** Dead letters on a page: what waits and why, what it holds, replay and drop. */
@NullMarked
package dev.turnout.console.letters;

import org.jspecify.annotations.NullMarked;
