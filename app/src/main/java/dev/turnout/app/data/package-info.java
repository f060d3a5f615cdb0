/** Recorded outcomes: what each LLM scored on each query, and the vectors of the queries. */
@NullMarked
package dev.turnout.app.data;

import org.jspecify.annotations.NullMarked;
