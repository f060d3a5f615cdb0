package dev.turnout.app.command;

import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.console.JsonLine;
import dev.turnout.app.console.TextTable;
import dev.turnout.app.kafka.TopicCreation;
import dev.turnout.kafka.Clients;
import dev.turnout.registry.RegistryUnavailableException;
import dev.turnout.serde.TopicSubjects;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.topic.TopicLimits;
import dev.turnout.topic.TopicSchemas;
import dev.turnout.topic.TopicSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the catalogue of topics, or creates them. */
@Command(
    name = "topics",
    mixinStandardHelpOptions = true,
    description = {
      "Print every topic: its key, value, lifetime, writers and readers; or create them.",
      "With the topics, --create registers their schemas and sets the rule BACKWARD on each"
          + " subject, so that no producer replaces one."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout topics                               the table",
      "  turnout topics --markdown                    the same for a document",
      "  turnout topics --create --config turnout.yaml  create what is missing",
      "  turnout topics --schemas schemas             write Query.avsc and the others, each"
          + " complete, for producers"
    })
public final class TopicsCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Mixin private WaitOption wait = new WaitOption();

  @Option(
      names = "--create",
      description = "Create the topics that do not exist, register their schemas, set their rule.")
  private boolean create;

  @Option(names = "--markdown", description = "Print the table as Markdown.")
  private boolean markdown;

  @Option(
      names = "--schemas",
      paramLabel = "DIR",
      description = "Write each record's Avro schema, with all its types, to DIR/<name>.avsc.")
  private @Nullable Path schemas;

  @Option(
      names = "--json",
      description = "End with one JSON object: topics, created, tooSmall, registered, schemas.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    TopicCatalogue topics = TopicCatalogue.standard();
    TopicCreation.Created created = new TopicCreation.Created(Set.of(), Set.of());
    List<String> tooSmall = List.of();
    List<String> files = schemas == null ? List.of() : write(schemas);
    if (create) {
      Connection target = connection.open(wait.patience());
      topics = target.topics();
      created = created(target);
      try (Admin admin = Clients.admin(target.client())) {
        tooSmall = TopicLimits.tooSmall(admin, topics, TIMEOUT);
      }
      out.println(
          created.topics().isEmpty()
              ? "Every topic was there already."
              : "Created " + String.join(", ", created.topics()));
      tooSmall.forEach(out::println);
      out.println(
          created.subjects().isEmpty()
              ? "Every schema was registered already."
              : "Registered, and held to "
                  + TopicSubjects.RULE
                  + ": "
                  + String.join(", ", created.subjects()));
    } else if (markdown) {
      out.println(topics.toMarkdown());
    } else if (schemas == null) {
      out.print(table(topics.topics()));
    }
    if (schemas != null) {
      out.println("Wrote " + String.join(", ", files) + " to " + schemas);
    }
    if (json) {
      JsonLine.print(
          out,
          Map.of(
              "topics",
              topics.topics(),
              "created",
              created.topics(),
              "tooSmall",
              tooSmall,
              "registered",
              created.subjects(),
              "schemas",
              files));
    }
    out.flush();
    return 0;
  }

  /** Each call goes on where brokers or the registry were not there yet. */
  private TopicCreation.Created created(Connection target) {
    Set<String> topics = new TreeSet<>();
    Set<String> subjects = new TreeSet<>();
    Patience patience = wait.patience();
    if (patience.limit().isZero()) {
      return TopicCreation.create(target.installation());
    }
    patience.await(
        () -> {
          try {
            TopicCreation.Created news = TopicCreation.create(target.installation());
            topics.addAll(news.topics());
            subjects.addAll(news.subjects());
            return Optional.empty();
          } catch (RegistryUnavailableException e) {
            return Optional.of(String.valueOf(e.getMessage()));
          } catch (KafkaException e) {
            // the other brokers are still on their way
            if (e.getCause() instanceof InvalidReplicationFactorException) {
              return Optional.of(String.valueOf(e.getMessage()));
            }
            throw e;
          }
        });
    return new TopicCreation.Created(topics, subjects);
  }

  /** Names of the files, one for each record. */
  private static List<String> write(Path directory) {
    List<String> files = new ArrayList<>();
    try {
      Files.createDirectories(directory);
      for (Schema schema : TopicSchemas.all()) {
        String file = schema.getName() + ".avsc";
        // as it is registered: a producer that registers it makes no version of its own
        Files.writeString(
            directory.resolve(file), SchemaFormatter.format("json/pretty", schema) + "\n");
        files.add(file);
      }
    } catch (IOException e) {
      throw new CommandFailure(
          "--schemas " + directory + " cannot be written: " + e.getMessage() + "; name a folder",
          e);
    }
    return files;
  }

  private static String table(List<TopicSpec> topics) {
    TextTable table =
        new TextTable("topic", "key", "value", ">partitions", "written by", "read by");
    for (TopicSpec topic : topics) {
      table.row(
          topic.name(),
          topic.key(),
          topic.value(),
          topic.partitions(),
          topic.writers(),
          topic.readers());
    }
    return table.text();
  }
}
