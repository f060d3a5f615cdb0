package dev.turnout.app.command.query;

import dev.turnout.app.command.Connection;
import dev.turnout.app.command.ConnectionOptions;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.console.JsonLine;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import dev.turnout.schema.RoutingDecision;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends one query through the running router and explains its decision. */
@Command(
    name = "query",
    mixinStandardHelpOptions = true,
    description = {
      "Send one query to the running router and print its decision.",
      "",
      "Prints the ranked list of all LLMs with score, predicted success, cost, latency and"
          + " propensity, and why the first was chosen."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:a decision was read", "1:no decision came; one line says why"},
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout query \"Why is the sky blue?\"",
      "  turnout query \"Translate 'good luck' into Dutch\" --answer",
      "  turnout query \"Prove it\" --allow abacus --allow atlas-large",
      "  turnout query \"Hello\" --policy weighted --cost-weight 0.5 --json"
    })
public final class QueryCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "TEXT", description = "The query.")
  private String text = "";

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--allow", paramLabel = "LLM", description = "LLM that may answer; repeatable.")
  private List<String> allowed = List.of();

  @Option(
      names = "--max-cost",
      paramLabel = "USD",
      description = "Highest acceptable expected cost of the answer.")
  private @Nullable Double maxCost;

  @Option(
      names = "--max-latency",
      paramLabel = "MS",
      description = "Highest acceptable expected latency of the answer.")
  private @Nullable Long maxLatency;

  @Option(names = "--cost-weight", description = "Predicted success a saved US cent is worth.")
  private @Nullable Double costWeight;

  @Option(names = "--latency-weight", description = "Predicted success a saved second is worth.")
  private @Nullable Double latencyWeight;

  @Option(
      names = "--min-success",
      description = "Share of right answers that an LLM must be sure enough of, 0..1.")
  private @Nullable Double minSuccess;

  @Option(names = "--policy", description = "Selection policy. Default: the router's.")
  private @Nullable String policy;

  @Option(names = "--tenant", description = "Who pays. Default: ${DEFAULT-VALUE}.")
  private String tenant = "default";

  @Option(names = "--answer", description = "Also wait for the LLM's answer.")
  private boolean answer;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      description = "Longest wait. Default: ${DEFAULT-VALUE}.")
  private int wait = 30;

  @Option(names = "--json", description = "End with one JSON object, the decision.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (wait < 1) {
      throw new ParameterException(spec.commandLine(), "--wait must be at least 1 second");
    }
    PrintWriter out = spec.commandLine().getOut();
    Connection target = connection.open();
    Query query = query();
    try (QueryExchange exchange = QueryExchange.open(target)) {
      Duration deadline = Duration.ofSeconds(wait);
      RoutingDecision decision =
          exchange
              .ask(query, deadline)
              .orElseThrow(
                  () ->
                      new CommandFailure(
                          "no decision on "
                              + target.topics().decisions()
                              + " within "
                              + wait
                              + " s; is a router running against "
                              + target.bootstrapServers()
                              + "?"));
      Optional<Outcome> outcome =
          answer ? exchange.outcome(query.getId(), deadline) : Optional.empty();
      DecisionReport report = new DecisionReport(decision, outcome);
      report.print(out);
      if (json) {
        JsonLine.print(out, report.json());
      }
    }
    out.flush();
    return 0;
  }

  private Query query() {
    boolean constrained =
        !allowed.isEmpty()
            || maxCost != null
            || maxLatency != null
            || costWeight != null
            || latencyWeight != null
            || minSuccess != null
            || policy != null;
    return Query.newBuilder()
        .setId("cli-" + UUID.randomUUID())
        .setText(text)
        .setTenant(tenant)
        .setSubmittedAt(Instant.now())
        .setConstraints(
            constrained
                ? QueryConstraints.newBuilder()
                    .setAllowedLlms(allowed)
                    .setMaxCostUsd(maxCost)
                    .setMaxLatencyMs(maxLatency)
                    .setCostWeight(costWeight)
                    .setLatencyWeight(latencyWeight)
                    .setMinSuccess(minSuccess)
                    .setPolicy(policy)
                    .build()
                : null)
        .build();
  }
}
