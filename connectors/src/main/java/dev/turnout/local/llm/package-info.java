/** LLMs that are not there: a server and its answers, for the quickstart, benchmarks and tests. */
@NullMarked
package dev.turnout.local.llm;

import org.jspecify.annotations.NullMarked;
