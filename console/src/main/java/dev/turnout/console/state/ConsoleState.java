package dev.turnout.console.state;

import dev.turnout.belief.Posteriors;
import dev.turnout.console.letters.LetterDesk;
import dev.turnout.console.recent.RecentQueries;
import dev.turnout.console.recent.SeenQuery;
import dev.turnout.console.savings.SavingsView;
import dev.turnout.console.traffic.TrafficReport;
import dev.turnout.console.traffic.TrafficWindow;
import dev.turnout.console.tries.TryDesk;
import dev.turnout.gateway.limit.QueueWait;
import dev.turnout.gateway.lookup.RefusedQuery;
import dev.turnout.schema.Query;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What pages can ask. No answer waits, but for what is looked up on the topics by its id. */
public interface ConsoleState {

  /** What was counted in a window of time. */
  TrafficReport traffic(TrafficWindow window);

  /** Decisions a second over the last ten seconds, by LLM. */
  Map<String, Double> decisionsPerSecond();

  /** The latest decisions with what became of them. */
  RecentQueries recent();

  /**
   * A decision by the id of its query, from the latest or else from the topics, which may take
   * seconds.
   */
  Optional<SeenQuery> find(String queryId);

  /** The query itself, from its topic, which may take seconds. */
  Optional<Query> query(String queryId);

  /** Why a query was refused, from the dead letters, which may take seconds. */
  Optional<RefusedQuery> refusal(String queryId);

  /** The LLMs by id. */
  List<LlmStanding> llms();

  /** Queries that wait for a router. */
  QueueWait waiting();

  /** What the models topic says. */
  ModelsSeen models();

  /** What graded feedback has added to a model since it was trained; null before any. */
  @Nullable Posteriors posteriors(String modelVersion);

  /** What routing saves; nothing where samples are not followed. */
  default SavingsView savings() {
    return SavingsView.nothing();
  }

  /** Changes which model serves. */
  ModelActions modelActions();

  /** The tenants and their keys, by name. */
  List<TenantStanding> tenants();

  /** The dead letters, which are read when they are asked for. */
  LetterDesk letters();

  /** Has questions decided and answered. */
  TryDesk tries();
}
