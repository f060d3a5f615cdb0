/**
 * What roles tell OpenTelemetry: the trace that a query belongs to, from the client's request to
 * the LLM's, and where spans and metrics go.
 */
@NullMarked
package dev.turnout.telemetry;

import org.jspecify.annotations.NullMarked;
