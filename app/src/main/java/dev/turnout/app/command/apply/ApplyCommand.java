package dev.turnout.app.command.apply;

import dev.turnout.app.command.Connection;
import dev.turnout.app.command.ConnectionOptions;
import dev.turnout.app.command.Patience;
import dev.turnout.app.command.WaitOption;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.console.JsonLine;
import dev.turnout.topic.LogText;
import dev.turnout.topic.TopicCatalogue;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes an installation hold what files declare: LLMs, tenants, keys, models. */
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description = {
      "Make an installation hold what YAML files declare: LLMs, tenants, keys and models.",
      "",
      "It may be repeated: what is as declared is left alone. Nothing is written when a document"
          + " has an error. docs/gitops.md tells the fields."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all is as declared",
      "1:failed; one line on standard error says what, where and the remedy",
      "2:the command line was wrong",
      "3:with --dry-run: something would change"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout apply -f turnout/                      all .yaml files of a folder",
      "  turnout apply -f turnout/ --dry-run            what would change; exit code 3 if"
          + " something",
      "  turnout apply -f turnout/ --prune              remove what is not declared",
    })
public final class ApplyCommand implements Callable<Integer> {
  private static final int WOULD_CHANGE = 3;

  @Option(
      names = {"-f", "--files"},
      paramLabel = "FILE|DIR",
      required = true,
      description = "YAML documents, or a folder of .yaml, .yml and .json files; repeatable.")
  private List<Path> files = List.of();

  @Option(names = "--dry-run", description = "Only print what would change.")
  private boolean dryRun;

  @Option(
      names = "--prune",
      description =
          "Also retire LLMs, remove tenants and revoke keys that are not declared, of those kinds"
              + " of which at least one is. Models are never removed.")
  private boolean prune;

  @Option(
      names = "--json",
      description =
          "End with one JSON object: dryRun, created, changed, removed, unchanged, things.")
  private boolean json;

  @Mixin private WaitOption wait = new WaitOption();

  @Mixin private ConnectionOptions where = new ConnectionOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Patience patience = wait.patience();
    List<Declaration> documents = new ArrayList<>();
    files.forEach(file -> documents.addAll(DeclarationFiles.read(file)));
    Declarations declared = Declarations.read(documents, System.getenv());
    Connection connection = where.open(patience);
    TopicCatalogue topics = connection.topics();
    ConnectionOptions.awaitTopics(
        connection,
        List.of(topics.llms(), topics.tenants(), topics.keys(), topics.models()),
        patience);
    List<PlannedChange> plan = ApplyPlan.of(declared, connection, prune, Instant.now());
    PrintWriter out = spec.commandLine().getOut();
    for (PlannedChange change : plan) {
      if (!dryRun) {
        make(change);
      }
      out.println(LogText.visible(change.text()));
      out.flush();
    }
    Map<String, Object> counts = new LinkedHashMap<>();
    for (PlannedChange.Action action : PlannedChange.Action.values()) {
      counts.put(action.word(), plan.stream().filter(each -> each.action() == action).count());
    }
    out.println((dryRun ? "Nothing is written; it would be: " : "") + words(counts));
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("dryRun", dryRun);
      object.putAll(counts);
      object.put("things", plan.stream().map(ApplyCommand::json).toList());
      JsonLine.print(out, object);
    }
    out.flush();
    boolean changes =
        plan.stream().anyMatch(each -> each.action() != PlannedChange.Action.UNCHANGED);
    return dryRun && changes ? WOULD_CHANGE : 0;
  }

  private static void make(PlannedChange change) throws InterruptedException {
    try {
      change.step().run();
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          change.kind() + " " + change.name() + ": " + e.getMessage() + "; apply again", e);
    }
  }

  private static String words(Map<String, Object> counts) {
    List<String> words = new ArrayList<>();
    counts.forEach((word, count) -> words.add(count + " " + word));
    return String.join(", ", words) + ".";
  }

  private static Map<String, Object> json(PlannedChange change) {
    return Map.of(
        "kind", change.kind(),
        "name", change.name(),
        "action", change.action().word(),
        "differences", change.differences());
  }
}
