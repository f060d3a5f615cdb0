/** Graded outcomes of several LLMs per query: records, readers, scoring rules and splits. */
@NullMarked
package dev.turnout.data;

import org.jspecify.annotations.NullMarked;
