/** What waits for the workers of each LLM, as the brokers tell it. */
@NullMarked
package dev.turnout.backlog;

import org.jspecify.annotations.NullMarked;
