package dev.turnout.app.command;

import dev.turnout.app.console.JsonLine;
import dev.turnout.app.console.TextTable;
import dev.turnout.topic.TopicAdmin;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.topic.TopicLimits;
import dev.turnout.topic.TopicSpec;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the catalogue of topics, or creates them. */
@Command(
    name = "topics",
    mixinStandardHelpOptions = true,
    description =
        "Print every topic: its key, value, lifetime, writers and readers; or create them.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout topics                               the table",
      "  turnout topics --markdown                    the same for a document",
      "  turnout topics --create --config turnout.yaml  create what is missing"
    })
public final class TopicsCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--create", description = "Create the topics that do not exist.")
  private boolean create;

  @Option(names = "--markdown", description = "Print the table as Markdown.")
  private boolean markdown;

  @Option(names = "--json", description = "End with one JSON object: topics, created, tooSmall.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    TopicCatalogue topics = TopicCatalogue.standard();
    Set<String> created = Set.of();
    List<String> tooSmall = List.of();
    if (create) {
      Connection target = connection.open();
      topics = target.topics();
      try (Admin admin = Admin.create(target.client())) {
        created = TopicAdmin.create(admin, topics, target.replication());
        tooSmall = TopicLimits.tooSmall(admin, topics, TIMEOUT);
      }
      out.println(
          created.isEmpty()
              ? "Every topic was there already."
              : "Created " + String.join(", ", created));
      tooSmall.forEach(out::println);
    } else if (markdown) {
      out.println(topics.toMarkdown());
    } else {
      out.print(table(topics.topics()));
    }
    if (json) {
      JsonLine.print(
          out, Map.of("topics", topics.topics(), "created", created, "tooSmall", tooSmall));
    }
    out.flush();
    return 0;
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
