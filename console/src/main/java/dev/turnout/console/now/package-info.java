/** The page Now: what flows to which LLM, and how it is going. */
@NullMarked
package dev.turnout.console.now;

import org.jspecify.annotations.NullMarked;
