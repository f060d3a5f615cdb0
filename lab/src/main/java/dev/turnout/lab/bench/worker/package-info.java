/** How well workers use what their LLM can do. */
@NullMarked
package dev.turnout.lab.bench.worker;

import org.jspecify.annotations.NullMarked;
