/** A playground: what the routers would decide, what LLMs answer, and thumbs that are grades. */
@NullMarked
package dev.turnout.console.tries;

import org.jspecify.annotations.NullMarked;
