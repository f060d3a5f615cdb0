package dev.turnout.console;

import dev.turnout.belief.Posteriors;
import dev.turnout.console.letters.LetterDesk;
import dev.turnout.console.recent.RecentQueries;
import dev.turnout.console.recent.SeenQuery;
import dev.turnout.console.savings.SavingsView;
import dev.turnout.console.state.ConsoleState;
import dev.turnout.console.state.LlmStanding;
import dev.turnout.console.state.ModelActions;
import dev.turnout.console.state.ModelsSeen;
import dev.turnout.console.state.TenantStanding;
import dev.turnout.console.traffic.TrafficReport;
import dev.turnout.console.traffic.TrafficWindow;
import dev.turnout.console.tries.TryDesk;
import dev.turnout.gateway.limit.QueueWait;
import dev.turnout.gateway.lookup.RefusedQuery;
import dev.turnout.schema.Query;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A state that says what a test puts into it, and keeps what was done. */
public final class FakeState implements ConsoleState, ModelActions {
  public final RecentQueries recent = new RecentQueries(1_000);
  public final List<String> done = new CopyOnWriteArrayList<>();
  public final Map<String, Query> queries = new TreeMap<>();
  public final Map<TrafficWindow, TrafficReport> traffic = new TreeMap<>();
  public Map<String, Double> rates = Map.of();
  public List<LlmStanding> llms = List.of();
  public ModelsSeen models = ModelsSeen.NONE;
  public @Nullable Posteriors posteriors;
  public List<TenantStanding> tenants = List.of();
  public final FakeLetterDesk letters = new FakeLetterDesk();
  public final FakeTryDesk tries = new FakeTryDesk();
  public SavingsView savings = SavingsView.nothing();

  @Override
  public SavingsView savings() {
    return savings;
  }

  @Override
  public TrafficReport traffic(TrafficWindow window) {
    return traffic.getOrDefault(window, TrafficReport.empty(window, Instant.now()));
  }

  @Override
  public Map<String, Double> decisionsPerSecond() {
    return rates;
  }

  @Override
  public RecentQueries recent() {
    return recent;
  }

  @Override
  public Optional<SeenQuery> find(String queryId) {
    return recent.find(queryId);
  }

  @Override
  public Optional<Query> query(String queryId) {
    return Optional.ofNullable(queries.get(queryId));
  }

  @Override
  public Optional<RefusedQuery> refusal(String queryId) {
    return Optional.empty();
  }

  @Override
  public List<LlmStanding> llms() {
    return llms;
  }

  @Override
  public QueueWait waiting() {
    return QueueWait.NONE;
  }

  @Override
  public ModelsSeen models() {
    return models;
  }

  @Override
  public @Nullable Posteriors posteriors(String modelVersion) {
    return posteriors;
  }

  @Override
  public ModelActions modelActions() {
    return this;
  }

  @Override
  public void promote(String version, @Nullable String replaced, String reason) {
    done.add("promote " + version + " for " + replaced + ": " + reason);
  }

  @Override
  public void rollBack(String version, String reason) {
    done.add("roll back to " + version + ": " + reason);
  }

  @Override
  public void stage(String version, double share, String reason) {
    done.add("stage " + version + " at " + share + ": " + reason);
  }

  @Override
  public List<TenantStanding> tenants() {
    return tenants;
  }

  @Override
  public LetterDesk letters() {
    return letters;
  }

  @Override
  public TryDesk tries() {
    return tries;
  }
}
