package dev.turnout.app.command.llm;

import dev.turnout.app.command.ActionsCommand;
import dev.turnout.app.command.Connection;
import dev.turnout.app.command.ConnectionOptions;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.kafka.TopicCreation;
import dev.turnout.control.llm.LlmPublisher;
import dev.turnout.llm.catalogue.KnownModel;
import dev.turnout.llm.catalogue.ModelCatalogue;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
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
      "  turnout llms add my-llm --like gpt-4o",
      "  turnout llms add my-llm --probes probes.jsonl",
      "  turnout llms drain my-llm      it gets nothing new, and finishes what it has",
      "  turnout llms retire my-llm     routers forget it"
    })
public final class LlmsCommand extends ActionsCommand {

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the LLMs with status, availability, prices and topic.",
      footerHeading = "%nExample:%n",
      footer = "  turnout llms list --json")
  void list(
      @Mixin ConnectionOptions options,
      @Option(names = "--json", description = "End with one JSON object: llms.") boolean json) {
    Connection connection = options.open();
    LlmListing listing = new LlmListing(connection.profiles().values(), connection.workers());
    answer(listing.text(), json, listing::json);
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = "Add an LLM, or change one: what no option names keeps its value.",
      footerHeading = "%nExample:%n",
      footer = "  turnout llms add my-llm --input-price 0.5 --output-price 1.5 --latency 900")
  void add(
      @Parameters(paramLabel = "LLM", description = "Its id, as in the router model.") String id,
      @Mixin LlmProfileOptions options,
      @Option(
              names = "--like",
              paramLabel = "MODEL",
              description =
                  "Start from what is known of a model, e.g. gpt-4o: list prices, context window,"
                      + " longest answer, capabilities; other options win.")
          @Nullable String like,
      @Option(
              names = "--probes",
              paramLabel = "FILE",
              description =
                  "25 to 100 graded queries as JSON Lines, in the form of outcomes to train on: they"
                      + " place the LLM in the serving model without touching the others.")
          @Nullable Path probes,
      @Mixin ConnectionOptions where)
      throws InterruptedException {
    options.check();
    KnownModel model = like == null ? null : LikeModel.find(ModelCatalogue.standard(), like);
    if (probes != null && !Files.exists(probes)) {
      throw new CommandFailure(
          "--probes "
              + probes
              + " does not exist; give a JSON Lines file (.jsonl) of graded queries, one a line");
    }
    Connection connection = where.open();
    Map<String, LlmProfile> all = connection.profiles();
    LlmProfile known = all.get(id);
    LlmProfile.Builder profile =
        known == null
            ? LlmProfile.newBuilder().setId(id).setTopic(connection.topics().requests(id))
            : LlmProfile.newBuilder(known);
    LlmRoom.require(id, profile.getTopic(), all.values());
    if (model != null) {
      say(LikeModel.applyTo(profile, model, ModelCatalogue.standard().date()));
    }
    TopicCreation.Created unusedNews =
        TopicCreation.createRequests(connection.installation(), List.of(id));
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
  }

  @Command(
      name = "drain",
      mixinStandardHelpOptions = true,
      description = "Send an LLM nothing new; what it has, it finishes. add ends the drain.",
      footerHeading = "%nExample:%n",
      footer = "  turnout llms drain my-llm")
  void drain(
      @Parameters(paramLabel = "LLM", description = "Its id.") String id,
      @Mixin ConnectionOptions where)
      throws InterruptedException {
    Connection connection = where.open();
    publish(
        connection, LlmProfile.newBuilder(require(connection, id)).setStatus(LlmStatus.DRAINING));
    say("LLM " + id + " drains: it gets nothing new.");
  }

  @Command(
      name = "retire",
      mixinStandardHelpOptions = true,
      description = "Make routers forget an LLM; its topic stays so that workers can finish.",
      footerHeading = "%nExample:%n",
      footer = "  turnout llms retire my-llm")
  void retire(
      @Parameters(paramLabel = "LLM", description = "Its id.") String id,
      @Mixin ConnectionOptions where)
      throws InterruptedException {
    Connection connection = where.open();
    require(connection, id);
    try (LlmPublisher publisher = connection.llmPublisher()) {
      publisher.retire(id);
    }
    say("LLM " + id + " is retired.");
  }

  private static LlmProfile require(Connection connection, String id) {
    return require(connection.profiles(), "LLM", id, connection.topics().llms());
  }

  private static void publish(Connection connection, LlmProfile.Builder profile)
      throws InterruptedException {
    try (LlmPublisher publisher = connection.llmPublisher()) {
      publisher.publish(profile.setUpdatedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS)).build());
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }
}
