package dev.turnout.app.data.read;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.app.data.OutcomeDataException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Scoring rule of each task, by the first pattern that its name matches; {@code *} stands for any
 * characters.
 */
final class ScoringRules {
  /** Name of the optional file beside the data that overrides the built-in rules. */
  static final String FILE_NAME = "scoring.json";

  private static final ScoringRule SHARE = new ScoringRule.Share();
  private static final ScoringRule POSITIVE = new ScoringRule.Positive();
  private static final String REMEDY =
      "write {\"task*\": \"positive\"} (score > 0 counts 1), \"share\" (score counts as it is,"
          + " 0..1) or a number (scores from it on count 1)";

  private final Map<String, ScoringRule> byPattern;

  private ScoringRules(Map<String, ScoringRule> byPattern) {
    this.byPattern = byPattern;
  }

  /** Every score counts as it is and must be in 0..1. */
  static ScoringRules asRecorded() {
    return new ScoringRules(Map.of());
  }

  /**
   * The rules of the RouterDC paper's data: log-probability tasks count 1 when positive, tasks with
   * ten attempts count the share that passed.
   */
  static ScoringRules routerDc() {
    Map<String, ScoringRule> rules = new LinkedHashMap<>();
    for (String task :
        new String[] {"mmlu*", "cmmlu*", "arc_challenge*", "MATH_prealgebra*", "ceval*"}) {
      rules.put(task, POSITIVE);
    }
    for (String task : new String[] {"gsm8k*", "humaneval*", "mbpp*"}) {
      rules.put(task, SHARE);
    }
    return new ScoringRules(rules);
  }

  /**
   * These rules preceded by those of {@value #FILE_NAME} in the folder, if it has that file.
   *
   * @throws OutcomeDataException if the file holds something else than rules
   */
  ScoringRules overriddenIn(Path folder) {
    Path file = folder.resolve(FILE_NAME);
    Map<String, ScoringRule> rules = new LinkedHashMap<>();
    JsonObjectFile.fields(file, REMEDY)
        .forEach(entry -> rules.put(entry.getKey(), parse(file, entry.getKey(), entry.getValue())));
    byPattern.forEach(rules::putIfAbsent);
    return new ScoringRules(rules);
  }

  /** The rule of a task; scores of tasks that no pattern names count as they are. */
  ScoringRule of(String task) {
    return named(task).orElse(SHARE);
  }

  /** True when a pattern names the task. */
  boolean knows(String task) {
    return named(task).isPresent();
  }

  private Optional<ScoringRule> named(String task) {
    return byPattern.entrySet().stream()
        .filter(entry -> matches(task, entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static boolean matches(String task, String pattern) {
    return task.matches(Pattern.quote(pattern).replace("*", "\\E.*\\Q"));
  }

  private static ScoringRule parse(Path file, String task, JsonNode rule) {
    if (rule.isNumber()) {
      return new ScoringRule.AtLeast(rule.doubleValue());
    }
    return switch (rule.asText()) {
      case "positive" -> POSITIVE;
      case "share" -> SHARE;
      default ->
          throw new OutcomeDataException(
              file + ", field \"" + task + "\"", "unknown scoring rule " + rule, REMEDY);
    };
  }
}
