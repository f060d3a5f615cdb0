package dev.turnout.app.config;

import java.util.Optional;

/**
 * The grader role.
 *
 * @param share of outcomes that are graded, 0..1
 */
public record GraderConfig(
    String id,
    Optional<String> url,
    Optional<String> model,
    Optional<Secret> apiKey,
    double share) {

  static GraderConfig from(ConfigValues values) {
    return new GraderConfig(
        values.text("grader.id"),
        values.optional("grader.url"),
        values.optional("grader.model"),
        values.optional("grader.api-key").map(Secret::new),
        values.number("grader.share"));
  }
}
