/** Dead letters as an operator deals with them: what waits, what it holds, replay and drop. */
@NullMarked
package dev.turnout.dlq;

import org.jspecify.annotations.NullMarked;
