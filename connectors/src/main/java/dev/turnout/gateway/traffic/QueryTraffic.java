package dev.turnout.gateway.traffic;

import dev.turnout.gateway.lookup.RefusedQuery;
import dev.turnout.schema.Grade;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.telemetry.TraceContext;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the gateway's endpoints need of Kafka. Safe for use by several threads; never blocks. */
public interface QueryTraffic {

  /**
   * Publishes a query and listens for what becomes of it, until an answer, a refusal or a failure
   * ends it, or the query's deadline passes.
   *
   * @param query with its deadline; its reply address is set here
   * @param trace what it is asked for; null for none
   * @param listener hears of this ask alone
   */
  Ask ask(Query query, @Nullable TraceContext trace, AskListener listener);

  /**
   * Publishes a query; completes when it is safe on its topic.
   *
   * @param trace what it is asked for; null for none
   */
  CompletableFuture<Void> publish(Query query, @Nullable TraceContext trace);

  /** Publishes a grade; completes when it is safe on its topic. */
  CompletableFuture<Void> publish(Grade grade);

  /** The latest decision on a query of any id; empty if there is none within the search. */
  CompletableFuture<Optional<RoutingDecision>> decision(String queryId);

  /** What became of a query of any id; empty if there is nothing within the search. */
  CompletableFuture<Optional<Outcome>> outcome(String queryId);

  /**
   * Why the router refused a query of any id, the latest time that it did; empty if it did not
   * within the search. The query may have been decided since: ask for its decision too.
   */
  default CompletableFuture<Optional<RefusedQuery>> refusal(String queryId) {
    return CompletableFuture.completedFuture(Optional.empty());
  }
}
