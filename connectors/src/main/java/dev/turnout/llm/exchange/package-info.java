/** One HTTP exchange with a server of an LLM: bounded bodies, events of a stream, time-outs. */
@NullMarked
package dev.turnout.llm.exchange;

import org.jspecify.annotations.NullMarked;
