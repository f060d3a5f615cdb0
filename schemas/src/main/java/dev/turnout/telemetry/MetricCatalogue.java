package dev.turnout.telemetry;

import dev.turnout.access.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every metric of ours, in one place: alerts, dashboards and the documentation may name no other,
 * and roles may expose no other. Those of the JVM and of Kafka Streams, which libraries expose, are
 * not listed.
 */
public final class MetricCatalogue {

  /** Name, type, unit, labels, roles, meaning; in the order of the documentation. */
  private static final String DECLARED =
      """
      turnout_stage_seconds | histogram | s | stage | router | Time a query spends in each stage: queue (record to poll), encode (its share of the batch), decide, total (record to decision).
      turnout_queue_lag_records | gauge | queries |  | router | Queries on the topic that this router has not polled yet; their sum over the routers is what waits.
      turnout_batch_size | histogram | queries |  | router | Queries encoded together.
      turnout_batch_encode_seconds | histogram | s |  | router | Encoding of one polled batch.
      turnout_routed_total | counter | queries | llm | router | Decisions, by the chosen LLM.
      turnout_fallback_total | counter | queries | kind | router | Decisions off the normal path, by why.
      turnout_dead_letter_total | counter | records | reason | router, learner | Records dead-lettered, by why; a learner counts here what could not be processed, and what it refuses in turnout_learner_refused_total.
      turnout_encoded_singly_total | counter | queries |  | router | Queries encoded one by one because their batch had failed.
      turnout_batch_failed_total | counter | batches |  | router | Polled batches that the encoder failed on.
      turnout_preparation_failed_total | counter | batches |  | router | Polled batches that could not be decoded ahead.
      turnout_model_info | gauge |  | version | router | 1 for the model version that serves; absent without one.
      turnout_model_staged | gauge | share | version | router | Share of the queries that the model on trial serves; 0 is shadow.
      turnout_staged_choice_total | counter | queries | agrees | router | Whether the model in shadow would have chosen alike.
      turnout_model_rejected_total | counter | models |  | router | Published models, and records of models, that this router refused.
      turnout_posteriors_refused_total | counter | records |  | router | What the learner published and this router could not use.
      turnout_llm_unavailable | gauge |  | llm | router | 1 for each LLM whose workers say that it cannot answer, or are gone; 0 where they are gone and requests start them; absent for the others.
      turnout_requests_backlog | gauge | requests | llm, group | router | Requests written for an LLM that its workers have not done, those in hand included; every router says the same.
      turnout_budget_spent_usd | gauge | USD | tenant | router | Spent in the tenant's current period.
      turnout_budget_reserved_usd | gauge | USD | tenant | router | Set aside for queries under way.
      turnout_budget_free_usd | gauge | USD | tenant | router | What the tenant may still spend.
      turnout_budget_price | gauge | reward per USD | tenant | router | What money is worth to the tenant at present; rises as it runs short.
      turnout_budget_refused_total | counter | records | what | router | What the ledger of budgets refused as invalid (cost, tenant, movement), or had charged before (repeated).
      turnout_failed_record_total | counter | records | client, step, reason | router, learner | Records that failed in a Kafka Streams client, each dead-lettered at the retry.
      turnout_thread_replaced_total | counter | threads | client, cause | router, learner | Stream threads replaced after a failure, by what is to blame.
      turnout_learner_lag_records | gauge | records |  | learner | Decisions, outcomes and grades that this learner has not polled yet.
      turnout_learner_samples_total | counter | samples |  | learner | Samples taken in; after a restart those of the window again.
      turnout_learner_reward | summary | reward | llm | learner | Rewards of the samples taken in; sum by count is their mean.
      turnout_learner_samples_other_encoder_total | counter | samples |  | learner | Samples of another encoder, skipped.
      turnout_learner_winsorised_total | counter | samples |  | learner | Rewards beyond the scale, counted as its end.
      turnout_learner_impossible_costs_total | counter | outcomes |  | learner | Costs or latencies that no answer can take; they count as unknown.
      turnout_learner_refused_total | counter | records | reason | learner | Decisions, outcomes and grades that went to the dead letters.
      turnout_learner_fit_seconds | summary | s |  | learner | Fitting of the posteriors of the model that serves.
      turnout_learner_window | gauge | samples |  | learner | Samples that the posteriors rest on.
      turnout_learner_changes | gauge |  |  | learner | Changes of LLMs seen in the window.
      turnout_learner_shift | gauge | reward | llm, cell | learner | How far an LLM has changed since the model was trained, overall or in a cell.
      turnout_learner_trust | gauge |  | grader | learner | Weight of each grader that disagrees with the others; absent for those that are trusted.
      turnout_learner_state_bytes | gauge | bytes |  | learner | Memory of the state stores, outside the heap.
      turnout_learner_computed_total | counter | runs | how | learner | Trainings and trials that ended: done, failed or late.
      turnout_learner_verdicts_total | counter | candidates | promoted | learner | Candidates that the gate judged.
      turnout_learner_rollout_total | counter | models | event | learner | Models staged, promoted, rejected or rolled_back.
      turnout_worker_calls_seconds | summary | s | llm, status | worker | Requests from the first call of the LLM to their end, by what became of them.
      turnout_worker_slots | gauge | requests | llm | worker | Requests that may be in flight at present.
      turnout_worker_slots_used | gauge | requests | llm | worker | Requests in flight.
      turnout_worker_waiting | gauge | requests | llm | worker | Requests that wait for a schema registry or broker to be back.
      turnout_worker_failovers_total | counter | requests | llm, to | worker | Requests that went on to another LLM.
      turnout_worker_cancelled_total | counter | requests | llm, when | worker | Requests that nobody wanted any more, waiting or asked.
      turnout_worker_redeliveries_total | counter | requests | llm | worker | Requests given back to be delivered again.
      turnout_worker_replies_lost_total | counter | replies | llm | worker | Replies that did not reach their gateway; the outcome stands on its topic.
      turnout_worker_dead_letters_total | counter | requests | llm, reason | worker | Requests dead-lettered, by why.
      turnout_grader_outcomes_total | counter | outcomes | grader, result | grader | Outcomes by what came of them: graded, skipped, dead_lettered and the like.
      turnout_gateway_requests_seconds | summary | s | api, status | gateway | Requests from their reading to the last byte, by API and status (499: the client left).
      turnout_gateway_active | gauge | requests |  | gateway | Requests that wait for their answer or get it; what gateways are scaled by.
      turnout_gateway_asks_total | counter | queries | end | gateway | Queries asked through Kafka, by how waiting for them ended.
      turnout_gateway_open_asks | gauge | queries |  | gateway | Queries whose replies are waited for.
      turnout_gateway_reply_bytes | gauge | bytes |  | gateway | Replies that wait for their listener.
      turnout_gateway_refused_total | counter | requests | status, code | gateway | Requests refused at the door: keys, rights, limits, back-pressure.
      turnout_gateway_slow_readers_total | counter | requests |  | gateway | Streams given up because their client did not read.
      """;

  /** In the order of the documentation. */
  public static final List<MetricSpec> METRICS =
      DECLARED.lines().map(MetricCatalogue::read).toList();

  private MetricCatalogue() {}

  private static MetricSpec read(String line) {
    String[] cells = line.split("\\|", -1);
    return new MetricSpec(
        cells[0].strip(),
        MetricSpec.Type.valueOf(cells[1].strip().toUpperCase(Locale.ROOT)),
        cells[2].strip(),
        words(cells[3]).toList(),
        words(cells[4])
            .map(role -> Role.valueOf(role.toUpperCase(Locale.ROOT)))
            .collect(Collectors.toSet()),
        cells[5].strip());
  }

  private static Stream<String> words(String cell) {
    return Arrays.stream(cell.split(",")).map(String::strip).filter(word -> !word.isEmpty());
  }

  /** Names that queries may use, {@code _count} and the like written out. */
  public static Set<String> series() {
    Set<String> series = new TreeSet<>();
    METRICS.forEach(metric -> series.addAll(metric.series()));
    return series;
  }

  /** The metrics of a role. */
  public static List<MetricSpec> of(Role role) {
    return METRICS.stream().filter(metric -> metric.roles().contains(role)).toList();
  }

  /** The table of the documentation. */
  public static String markdown() {
    StringBuilder table =
        new StringBuilder("| metric | type | unit | labels | role | what it says |\n");
    table.append("|---|---|---|---|---|---|\n");
    for (MetricSpec metric : METRICS) {
      table.append(
          "| `%s` | %s | %s | %s | %s | %s |\n"
              .formatted(
                  metric.name(),
                  metric.type().word(),
                  metric.unit(),
                  String.join(", ", metric.labels()),
                  metric.rolesInWords(),
                  metric.meaning()));
    }
    return table.toString();
  }
}
