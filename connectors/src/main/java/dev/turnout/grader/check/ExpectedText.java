package dev.turnout.grader.check;

import dev.turnout.schema.Outcome;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where it stands what is expected of an answer.
 *
 * @param key of the query's metadata
 * @param otherwise what is expected where the query says nothing; null when nothing is
 */
public record ExpectedText(String key, @Nullable String otherwise) {

  /** What is expected of an outcome's answer; empty when nothing is known. */
  public Optional<String> of(Outcome outcome) {
    return Optional.ofNullable(outcome.getMetadata().get(key))
        .filter(text -> !text.isBlank())
        .or(() -> Optional.ofNullable(otherwise));
  }
}
