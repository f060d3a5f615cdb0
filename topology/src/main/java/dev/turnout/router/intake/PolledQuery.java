package dev.turnout.router.intake;

import dev.turnout.router.encode.EncodedQueryHeader;
import org.jspecify.annotations.Nullable;

/**
 * A record of the queries topic as the processor gets it.
 *
 * @param raw the value's bytes as published; null for a tombstone
 * @param prepared what the interceptor left; null when it could not do its work
 */
public record PolledQuery(byte @Nullable [] raw, @Nullable EncodedQueryHeader prepared) {}
