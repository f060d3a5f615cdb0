package dev.turnout.chaos;

import dev.turnout.kafka.CommittedReader;
import dev.turnout.schema.Attempt;
import dev.turnout.schema.BudgetState;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.serde.AvroSerdes;
import dev.turnout.topic.OutcomeId;
import dev.turnout.topic.TopicCatalogue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** What the topics say of a storm's queries: outcomes by query, and what the tenant was charged. */
final class StormLedger {
  private final Map<String, Object> clients;
  private final TopicCatalogue topics;
  private final Map<String, List<Outcome>> outcomes = new HashMap<>();

  /**
   * Calls of LLMs that are told of, each with what its first report with a cost says: a worker that
   * is killed before it has acknowledged an answer leaves the request to another, which may fail.
   */
  private final Map<OutcomeId, Double> calls = new HashMap<>();

  private int records;

  private StormLedger(Map<String, Object> clients, TopicCatalogue topics) {
    this.clients = clients;
    this.topics = topics;
  }

  /** Reads all outcomes that are committed. */
  static StormLedger read(Map<String, Object> clients, TopicCatalogue topics) {
    StormLedger ledger = new StormLedger(clients, topics);
    ledger.all(ledger.topics.outcomes(), Outcome.class).forEach(ledger::take);
    return ledger;
  }

  private <T extends SpecificRecord> List<T> all(String topic, Class<T> type) {
    Deserializer<T> decoder = AvroSerdes.of(type, clients).deserializer();
    List<T> all = new ArrayList<>();
    CommittedReader.readAll(
        clients,
        topic,
        record -> {
          if (record.value() != null) {
            all.add(decoder.deserialize(topic, record.value()));
          }
        });
    return all;
  }

  private void take(Outcome outcome) {
    records++;
    outcomes.computeIfAbsent(outcome.getQueryId(), id -> new ArrayList<>()).add(outcome);
    int number = 1;
    for (Attempt attempt : outcome.getTrail()) {
      OutcomeId call =
          OutcomeId.of(outcome.getQueryId(), attempt.getLlm(), Integer.toString(number++), "false");
      pay(call, attempt.getCostUsd());
    }
    pay(OutcomeId.of(outcome), outcome.getCostUsd());
  }

  private void pay(OutcomeId call, @Nullable Double usd) {
    if (usd != null) {
      Double unusedFirst = calls.putIfAbsent(call, usd);
    }
  }

  /** Outcomes of a query, each record of them. */
  List<Outcome> of(String query) {
    return outcomes.getOrDefault(query, List.of());
  }

  /** What all calls cost, each once; those without a cost charge nothing. */
  double paid() {
    return calls.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** What the tenant's account says was spent; 0 before it says anything. */
  double charged(String tenant) {
    return all(topics.budgets(), BudgetState.class).stream()
        .filter(state -> state.getTenant().equals(tenant))
        .reduce((first, last) -> last)
        .map(BudgetState::getSpentUsd)
        .orElse(0.0);
  }

  /** Records of outcomes beyond the first of each call. */
  int secondReports() {
    Set<OutcomeId> reported = new HashSet<>();
    outcomes.values().forEach(each -> each.forEach(one -> reported.add(OutcomeId.of(one))));
    return records - reported.size();
  }

  /** Queries that two LLMs, or one at two attempts, have answered. */
  long answeredTwice() {
    return outcomes.values().stream()
        .filter(
            each ->
                each.stream()
                        .filter(one -> one.getStatus() == OutcomeStatus.SUCCEEDED)
                        .map(OutcomeId::of)
                        .distinct()
                        .count()
                    > 1)
        .count();
  }
}
