/** {@code turnout llms}. */
@NullMarked
package dev.turnout.app.command.llm;

import org.jspecify.annotations.NullMarked;
