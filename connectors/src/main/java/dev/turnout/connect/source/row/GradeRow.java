package dev.turnout.connect.source.row;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.schema.Grade;
import dev.turnout.topic.DeadLetterReason;
import dev.turnout.topic.FieldLimits;
import java.time.Clock;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A row with the fields of {@code Grade.avsc}. Without a grader it gets the given one.
 *
 * @param grader who graded where the row does not say; empty if each row must
 */
public record GradeRow(String grader, Clock clock) implements RowMapping {

  private static final Set<String> KNOWN =
      Set.of("queryId", "llm", "grader", "reward", "comment", "costUsd", "latencyMs", "gradedAt");

  @Override
  public Keyed map(ObjectNode row, RowPlace place) throws RowException {
    ObjectNode fields = row.deepCopy();
    if (!fields.hasNonNull("grader") && !grader.isBlank()) {
      fields.put("grader", grader);
    }
    if (!fields.hasNonNull("gradedAt")) {
      fields.put("gradedAt", clock.millis());
    }
    Grade grade = (Grade) SchemaJson.record(fields, Grade.getClassSchema(), KNOWN);
    if (!(grade.getReward() >= 0 && grade.getReward() <= 1)) {
      throw new RowException(
          "\"reward\" is " + grade.getReward() + "; it must be within 0 (useless) and 1 (perfect)");
    }
    amount("costUsd", grade.getCostUsd());
    amount("latencyMs", grade.getLatencyMs());
    if (grade.getQueryId().isBlank() || grade.getLlm().isBlank()) {
      throw new RowException("\"queryId\" and \"llm\" say what is graded; one is blank");
    }
    String excess = FieldLimits.excess(grade);
    if (excess != null) {
      throw new RowException(DeadLetterReason.TOO_LARGE, "the grade's " + excess);
    }
    return new Keyed(grade.getQueryId(), grade);
  }

  private static void amount(String field, @Nullable Number value) throws RowException {
    double amount = value == null ? 0 : value.doubleValue();
    if (!(amount >= 0 && amount < Double.POSITIVE_INFINITY)) {
      throw new RowException(
          "\"" + field + "\" is " + amount + "; it must be finite and not negative");
    }
  }
}
