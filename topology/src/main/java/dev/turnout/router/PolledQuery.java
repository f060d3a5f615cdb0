package dev.turnout.router;

import org.jspecify.annotations.Nullable;

/**
 * A record of the queries topic as the processor gets it.
 *
 * @param raw the value's bytes as published; null for a tombstone
 * @param prepared what the interceptor left; null when it could not do its work
 */
record PolledQuery(byte @Nullable [] raw, @Nullable PreparedQuery prepared) {}
