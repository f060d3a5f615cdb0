/** OpenAI's Responses API. */
@NullMarked
package dev.turnout.gateway.responses;

import org.jspecify.annotations.NullMarked;
