package dev.turnout.console.state;

import dev.turnout.schema.LlmProfile;
import org.jspecify.annotations.Nullable;

/**
 * An LLM as it stands now.
 *
 * @param unavailable why its workers cannot have it answer, in words; null when they can, or
 *     nothing is known of them
 * @param backlog requests its workers have not done; NaN when that is not known
 */
public record LlmStanding(LlmProfile profile, @Nullable String unavailable, double backlog) {}
