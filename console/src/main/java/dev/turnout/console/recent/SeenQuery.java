package dev.turnout.console.recent;

import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.RoutingDecision;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A decision and what became of it.
 *
 * @param outcomes of the chosen LLM, of fail-overs and of LLMs asked for grading only; the latest
 *     of an LLM
 * @param grades the latest of a grader for an LLM
 */
public record SeenQuery(RoutingDecision decision, List<Outcome> outcomes, List<Grade> grades) {

  /** Freezes the lists. */
  public SeenQuery {
    outcomes = List.copyOf(outcomes);
    grades = List.copyOf(grades);
  }

  /** Id of the query. */
  public String id() {
    return decision.getQueryId();
  }

  /** When it was decided. */
  public Instant at() {
    return decision.getDecidedAt();
  }

  /** What was asked, as far as outcomes carry it. */
  public Optional<String> text() {
    return outcomes.stream().map(Outcome::getQueryText).filter(Objects::nonNull).findFirst();
  }

  /** What the user got, if it has come. */
  public Optional<Outcome> served() {
    return outcomes.stream().filter(outcome -> !outcome.getShadow()).findFirst();
  }

  /** Mean reward of an LLM's answer; NaN without a grade. */
  public double reward(String llm) {
    return grades.stream()
        .filter(grade -> grade.getLlm().equals(llm))
        .mapToDouble(Grade::getReward)
        .average()
        .orElse(Double.NaN);
  }
}
