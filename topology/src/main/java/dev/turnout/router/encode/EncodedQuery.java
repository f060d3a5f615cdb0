package dev.turnout.router.encode;

import dev.turnout.encoder.surface.QuerySurface;
import org.jspecify.annotations.Nullable;

/**
 * A query's vector, the encoder that made it, and how long that took.
 *
 * @param embedding {@code float[encoder dimension]}, unit-normalised; null when encoding failed
 * @param text what was encoded; null when encoding failed
 * @param surface of the text that was encoded; null without a vector
 * @param encoderId the encoder that made it
 * @param batchSize number of queries that were encoded together
 * @param polledAtMillis when the query was polled, epoch milliseconds
 * @param encodeMicros the query's share of the encoding time, in microseconds
 */
public record EncodedQuery(
    float @Nullable [] embedding,
    @Nullable String text,
    @Nullable QuerySurface surface,
    String encoderId,
    int batchSize,
    long polledAtMillis,
    long encodeMicros) {}
