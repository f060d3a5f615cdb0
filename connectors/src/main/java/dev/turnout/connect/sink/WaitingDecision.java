package dev.turnout.connect.sink;

import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.RoutingDecision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A decision and what has come to it so far. Confined to one thread. */
final class WaitingDecision {
  private static final int MOST_OF_A_KIND = 256;
  private static final int OVERHEAD = 512;

  private final RoutingDecision decision;
  private final long offset;
  private final long readAt;
  private final Map<String, Outcome> answers = new LinkedHashMap<>();
  private final Map<String, Grade> grades = new LinkedHashMap<>();
  private final Map<TopicPartition, Long> sources = new HashMap<>();
  private long bytes;

  WaitingDecision(RoutingDecision decision, long offset, long readAt) {
    this.decision = decision;
    this.offset = offset;
    this.readAt = readAt;
    this.bytes = OVERHEAD + decision.getReason().length() + 100L * decision.getRanking().size();
  }

  RoutingDecision decision() {
    return decision;
  }

  long offset() {
    return offset;
  }

  long readAt() {
    return readAt;
  }

  long bytes() {
    return bytes;
  }

  /** The first offset of each partition that something came from. */
  Map<TopicPartition, Long> sources() {
    return sources;
  }

  /** Takes an outcome or a grade; the last of a kind counts, but an answer stays one. */
  void add(SideRecord record) {
    sources.merge(record.partition(), record.offset(), Math::min);
    if (record.value() instanceof Outcome outcome) {
      String key = outcome.getLlm() + (outcome.getShadow() ? "\nshadow" : "");
      @Nullable Outcome known = answers.get(key);
      if (answers.size() < MOST_OF_A_KIND
          && (known == null || known.getStatus() != OutcomeStatus.SUCCEEDED)) {
        answers.put(key, outcome);
        bytes += record.bytes();
      }
    } else if (record.value() instanceof Grade grade && grades.size() < MOST_OF_A_KIND) {
      grades.put(grade.getGrader() + "\n" + grade.getLlm(), grade);
      bytes += record.bytes();
    }
  }

  /** As a row of {@link JoinedSchema#ROW}. */
  IndexedRecord row() {
    @Nullable Outcome any = answers.values().stream().findFirst().orElse(null);
    GenericData.Record row = new GenericData.Record(JoinedSchema.ROW);
    row.put("queryId", decision.getQueryId());
    row.put("tenant", decision.getTenant());
    row.put("session", any == null ? null : any.getSession());
    row.put("text", any == null ? null : any.getQueryText());
    row.put("llm", decision.getLlm());
    row.put("policy", decision.getPolicy());
    row.put("propensity", decision.getPropensity());
    row.put("modelVersion", decision.getModelVersion());
    row.put("encoderId", decision.getEncoderId());
    row.put("explored", decision.getExplored());
    row.put("outOfDistribution", decision.getOutOfDistribution());
    row.put("fallback", decision.getFallback().name());
    row.put("reason", decision.getReason());
    row.put("cell", decision.getCell());
    row.put("decidedAt", decision.getDecidedAt());
    row.put("metadata", any == null ? Map.of() : any.getMetadata());
    List<IndexedRecord> ranking = new ArrayList<>();
    for (LlmScore score : decision.getRanking()) {
      ranking.add(
          record(
              JoinedSchema.SCORE,
              score.getLlm(),
              score.getPredictedSuccess(),
              score.getExpectedCostUsd(),
              score.getPropensity(),
              score.getEligible()));
    }
    row.put("ranking", ranking);
    row.put("answers", answers.values().stream().map(WaitingDecision::answer).toList());
    row.put("grades", grades.values().stream().map(WaitingDecision::grade).toList());
    return row;
  }

  private static IndexedRecord answer(Outcome outcome) {
    return record(
        JoinedSchema.ANSWER,
        outcome.getLlm(),
        outcome.getShadow(),
        outcome.getStatus().name(),
        outcome.getAnswer(),
        outcome.getError(),
        outcome.getPromptTokens(),
        outcome.getCompletionTokens(),
        outcome.getCostUsd(),
        outcome.getLatencyMs(),
        outcome.getFinishedAt());
  }

  private static IndexedRecord grade(Grade grade) {
    return record(
        JoinedSchema.GRADE,
        grade.getLlm(),
        grade.getGrader(),
        grade.getReward(),
        grade.getComment(),
        grade.getGradedAt());
  }

  private static IndexedRecord record(Schema schema, @Nullable Object... values) {
    GenericData.Record record = new GenericData.Record(schema);
    for (int i = 0; i < values.length; i++) {
      record.put(i, values[i]);
    }
    return record;
  }
}
