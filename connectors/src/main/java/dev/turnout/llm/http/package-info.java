/** Asks servers of LLMs over HTTP: whole answers and streams, refusals, attempts, time-outs. */
@NullMarked
package dev.turnout.llm.http;

import org.jspecify.annotations.NullMarked;
