package dev.turnout.app.command;

import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.console.JsonLine;
import dev.turnout.app.console.TextTable;
import dev.turnout.app.kafka.LlmProfiles;
import dev.turnout.follow.LlmPublisher;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import dev.turnout.topic.TopicAdmin;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists, adds, drains and retires LLMs; effective on all routers without a restart. */
@Command(
    name = "llms",
    mixinStandardHelpOptions = true,
    description = "List the LLMs, add or change one, drain or retire one; no router restarts.",
    synopsisSubcommandLabel = "ACTION",
    commandListHeading = "%nActions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout llms list",
      "  turnout llms add my-llm --input-price 0.5 --output-price 1.5 --latency 900",
      "  turnout llms add my-llm --probes probes.jsonl",
      "  turnout llms drain my-llm      it gets nothing new, and finishes what it has",
      "  turnout llms retire my-llm     routers forget it"
    })
public final class LlmsCommand extends ActionsCommand {

  private static Map<String, LlmProfile> profiles(Connection connection) {
    return LlmProfiles.read(connection.topics().llms(), connection.client(), connection.serde());
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the LLMs with status, prices and topic.",
      footerHeading = "%nExample:%n",
      footer = "  turnout llms list --json")
  int list(
      @Mixin ConnectionOptions options,
      @Option(names = "--json", description = "End with one JSON object: llms.") boolean json) {
    PrintWriter out = out();
    Map<String, LlmProfile> profiles = profiles(options.open());
    TextTable table =
        new TextTable(
            "LLM", "status", ">$/1M in", ">$/1M out", ">latency ms", "topic", "description");
    List<Map<String, @Nullable Object>> objects = new ArrayList<>();
    for (LlmProfile llm : profiles.values()) {
      table.row(
          llm.getId(),
          llm.getStatus().name().toLowerCase(Locale.ROOT),
          orDash(llm.getInputUsdPerMillionTokens()),
          orDash(llm.getOutputUsdPerMillionTokens()),
          orDash(llm.getExpectedLatencyMs()),
          llm.getTopic(),
          llm.getDescription());
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      object.put("id", llm.getId());
      object.put("status", llm.getStatus().name());
      object.put("topic", llm.getTopic());
      object.put("input_usd_per_million_tokens", llm.getInputUsdPerMillionTokens());
      object.put("output_usd_per_million_tokens", llm.getOutputUsdPerMillionTokens());
      object.put("expected_output_tokens", llm.getExpectedOutputTokens());
      object.put("expected_latency_ms", llm.getExpectedLatencyMs());
      object.put("context_window", llm.getContextWindow());
      object.put("capabilities", llm.getCapabilities());
      object.put("description", llm.getDescription());
      objects.add(object);
    }
    out.print(table.text());
    if (json) {
      JsonLine.print(out, Map.of("llms", objects));
    }
    out.flush();
    return 0;
  }

  /** What {@code llms add} may say of an LLM; what is not said keeps its value or stays unknown. */
  static final class ProfileOptions {
    @Option(names = "--input-price", paramLabel = "USD", description = "Price of 1M prompt tokens.")
    private @Nullable Double inputPrice;

    @Option(
        names = "--output-price",
        paramLabel = "USD",
        description = "Price of 1M answer tokens.")
    private @Nullable Double outputPrice;

    @Option(names = "--output-tokens", description = "Mean length of an answer in tokens.")
    private @Nullable Double outputTokens;

    @Option(names = "--latency", paramLabel = "MS", description = "Mean latency of an answer.")
    private @Nullable Double latency;

    @Option(names = "--context-window", description = "Largest prompt in tokens.")
    private @Nullable Long contextWindow;

    @Option(names = "--capability", description = "Free tag, e.g. code; repeatable.")
    private @Nullable List<String> capabilities;

    @Option(names = "--description", description = "A few words.")
    private @Nullable String description;

    private LlmProfile.Builder applyTo(LlmProfile.Builder profile) {
      if (inputPrice != null) {
        profile.setInputUsdPerMillionTokens(inputPrice);
      }
      if (outputPrice != null) {
        profile.setOutputUsdPerMillionTokens(outputPrice);
      }
      if (outputTokens != null) {
        profile.setExpectedOutputTokens(outputTokens);
      }
      if (latency != null) {
        profile.setExpectedLatencyMs(latency);
      }
      if (contextWindow != null) {
        profile.setContextWindow(contextWindow);
      }
      if (capabilities != null) {
        profile.setCapabilities(capabilities);
      }
      if (description != null) {
        profile.setDescription(description);
      }
      return profile;
    }
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = "Add an LLM, or change one: what no option names keeps its value.",
      footerHeading = "%nExample:%n",
      footer = "  turnout llms add my-llm --input-price 0.5 --output-price 1.5 --latency 900")
  int add(
      @Parameters(paramLabel = "LLM", description = "Its id, as in the router model.") String id,
      @Mixin ProfileOptions options,
      @Option(
              names = "--probes",
              paramLabel = "FILE",
              description =
                  "25 to 100 graded queries as JSON Lines, in the form of outcomes to train on: they"
                      + " place the LLM in the serving model without touching the others.")
          @Nullable Path probes,
      @Mixin ConnectionOptions where)
      throws InterruptedException {
    Connection connection = where.open();
    LlmProfile known = profiles(connection).get(id);
    LlmProfile.Builder profile =
        known == null
            ? LlmProfile.newBuilder().setId(id).setTopic(connection.topics().requests(id))
            : LlmProfile.newBuilder(known);
    try (Admin admin = Admin.create(connection.client())) {
      TopicAdmin.createRequests(admin, connection.topics(), List.of(id), connection.replication());
    }
    options.applyTo(profile);
    if (probes != null) {
      ProbePlacement.place(connection, id, probes, profile);
    }
    publish(connection, profile.setStatus(LlmStatus.ACTIVE));
    say(
        "LLM "
            + id
            + (known == null ? " is added" : " is changed")
            + "; its requests go to "
            + profile.getTopic());
    return 0;
  }

  @Command(
      name = "drain",
      mixinStandardHelpOptions = true,
      description = "Send an LLM nothing new; what it has, it finishes. add ends the drain.",
      footerHeading = "%nExample:%n",
      footer = "  turnout llms drain my-llm")
  int drain(
      @Parameters(paramLabel = "LLM", description = "Its id.") String id,
      @Mixin ConnectionOptions where)
      throws InterruptedException {
    Connection connection = where.open();
    publish(
        connection, LlmProfile.newBuilder(require(connection, id)).setStatus(LlmStatus.DRAINING));
    say("LLM " + id + " drains: it gets nothing new.");
    return 0;
  }

  @Command(
      name = "retire",
      mixinStandardHelpOptions = true,
      description = "Make routers forget an LLM; its topic stays so that workers can finish.",
      footerHeading = "%nExample:%n",
      footer = "  turnout llms retire my-llm")
  int retire(
      @Parameters(paramLabel = "LLM", description = "Its id.") String id,
      @Mixin ConnectionOptions where)
      throws InterruptedException {
    Connection connection = where.open();
    require(connection, id);
    try (LlmPublisher publisher = publisher(connection)) {
      publisher.retire(id);
    }
    say("LLM " + id + " is retired.");
    return 0;
  }

  private static LlmProfile require(Connection connection, String id) {
    Map<String, LlmProfile> profiles = profiles(connection);
    LlmProfile profile = profiles.get(id);
    if (profile == null) {
      throw new CommandFailure(
          "no LLM "
              + id
              + " on "
              + connection.topics().llms()
              + "; there are: "
              + profiles.keySet());
    }
    return profile;
  }

  private static void publish(Connection connection, LlmProfile.Builder profile)
      throws InterruptedException {
    try (LlmPublisher publisher = publisher(connection)) {
      publisher.publish(profile.setUpdatedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS)).build());
    }
  }

  private static LlmPublisher publisher(Connection connection) {
    return LlmPublisher.open(connection.topics().llms(), connection.settings());
  }

  private static String orDash(@Nullable Double value) {
    return value == null ? "-" : value.toString();
  }
}
