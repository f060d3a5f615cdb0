package dev.turnout.router.encode;

/**
 * One polled batch's preparation.
 *
 * @param encoderId the encoder that made the batch's embeddings
 * @param batchSize number of queries encoded together
 * @param polledAtMillis when the batch was polled, epoch milliseconds
 * @param encodeMicros share of the encoding time that falls to one query, in microseconds
 */
public record EncodingTiming(
    String encoderId, int batchSize, long polledAtMillis, long encodeMicros) {}
